"""Reads of respond."""
