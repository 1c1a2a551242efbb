"""The demonstration's data: purchases in the contract's words, their papers, and the bank statement that paid them."""
