"""Migrations of deliver."""
