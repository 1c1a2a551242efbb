"""What the page of one purchase shows and takes, and that of one supplier."""
