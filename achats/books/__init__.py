"""A purchase, or a payment of it, becomes its entry: planned, told, written, taken back."""
