"""Migrations of respond."""
