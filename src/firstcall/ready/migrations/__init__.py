"""Migrations of ready."""
