"""What every call of the API goes through: who, how often, twice, in which form."""
