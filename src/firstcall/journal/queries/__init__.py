"""Reads of journal."""
