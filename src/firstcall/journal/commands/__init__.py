"""Writes of journal."""
