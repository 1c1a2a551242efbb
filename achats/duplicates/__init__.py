"""Purchases that look like one: found, shown in pairs, decided upon."""
