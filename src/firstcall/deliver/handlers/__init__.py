"""Deliver's own work: clearing what is long done."""
