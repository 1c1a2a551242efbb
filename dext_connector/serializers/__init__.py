"""Dext's spelling, and only here: what it sends is read into our words, what we know is written in its words."""
