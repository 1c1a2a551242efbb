"""A purchase that a person types, from documents that he drops or from none."""
