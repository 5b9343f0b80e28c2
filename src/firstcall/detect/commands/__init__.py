"""Writes of detect."""
