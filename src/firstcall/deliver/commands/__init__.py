"""Writes of deliver."""
