"""What a VAT amount says, and in which rates it may be split; no amount changes here."""
