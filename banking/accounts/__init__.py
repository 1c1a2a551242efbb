"""The bank accounts of a company: their lines, balances and freshness, and how far the machine may go."""
