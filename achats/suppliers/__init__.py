"""Who sells: found or created, named, ruled, and what is usual with him."""
