"""The deeds that change one purchase, and what is written of them."""
