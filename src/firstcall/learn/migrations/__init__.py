"""Migrations of learn."""
