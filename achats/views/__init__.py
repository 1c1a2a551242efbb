"""The pages of purchases: each view translates, makes one call, translates back."""
