"""Writes of inform."""
