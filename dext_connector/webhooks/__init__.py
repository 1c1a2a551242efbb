"""Telling Dext what happened: registered addresses, signed deliveries, retries."""
