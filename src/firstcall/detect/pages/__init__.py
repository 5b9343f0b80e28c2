"""Pages of detect."""
