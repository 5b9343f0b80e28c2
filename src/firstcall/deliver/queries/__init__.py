"""Reads of deliver."""
