"""One passage of the engine over a company: rows to facts, decisions to rows."""
