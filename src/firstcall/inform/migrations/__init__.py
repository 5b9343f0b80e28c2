"""Migrations of inform."""
