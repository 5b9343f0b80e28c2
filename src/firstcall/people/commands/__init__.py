"""Writes of people."""
