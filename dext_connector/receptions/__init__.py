"""What came, kept with its fate: found, opened, mended, replayed, moved."""
