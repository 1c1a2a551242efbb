"""The only way out to an address that somebody else names: checked, pinned, bounded."""
