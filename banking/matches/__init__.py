"""What people decide of lines and purchases: confirmed, refused, by hand, with a difference, undone."""
