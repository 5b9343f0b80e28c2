"""Reads of detect."""
