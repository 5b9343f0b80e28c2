"""Writes of respond."""
