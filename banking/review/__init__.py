"""The review of the bank: its lines beside the purchases that they paid, or may have."""
