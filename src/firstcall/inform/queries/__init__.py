"""Reads of inform."""
