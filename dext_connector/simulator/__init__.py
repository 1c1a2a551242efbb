"""Dext's side, for demonstrations and tests: it knows MEG only by the API, over HTTP, and keeps its state in files."""
