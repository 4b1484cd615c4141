"""Measurements: what the reader gets right, and how fast things are. Not shipped."""
