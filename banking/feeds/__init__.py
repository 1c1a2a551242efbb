"""What a bank calls: its tokens, and what each refusal means to it."""
