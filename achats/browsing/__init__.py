"""The list of purchases: what one may ask of it, its rows in order, what stands around it, and its files."""
