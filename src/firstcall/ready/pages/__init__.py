"""Pages of ready."""
