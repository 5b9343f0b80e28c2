"""Reads of ready."""
