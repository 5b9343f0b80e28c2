"""Writes of learn."""
