"""Template tags of learn."""
