"""A statement file on its way: brought, read, asked about, stored once, withdrawn."""
