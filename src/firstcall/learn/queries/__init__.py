"""Reads of learn."""
