"""Pages of learn."""
