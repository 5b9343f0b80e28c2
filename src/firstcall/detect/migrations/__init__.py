"""Migrations of detect."""
