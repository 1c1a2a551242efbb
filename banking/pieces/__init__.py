"""« Pièces à demander »: the bank lines that no document explains, the links that ask for them, what comes back."""
