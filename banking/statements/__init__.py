"""Bank statement files → statements in our words. Pure: bytes in, frozen dataclasses out, no Django."""
