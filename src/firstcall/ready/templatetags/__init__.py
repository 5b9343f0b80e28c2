"""Template tags of ready."""
