"""Which applications and tokens reach which companies, and by whose consent."""
