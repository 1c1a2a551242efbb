"""The connection of a company to Dext, from its opening to its end, and its settings."""
