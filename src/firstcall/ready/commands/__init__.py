"""Writes of ready."""
