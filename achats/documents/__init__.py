"""The files that prove a purchase: kept once, joined to it, shown page by page."""
