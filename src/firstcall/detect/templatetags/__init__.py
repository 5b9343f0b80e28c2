"""Template tags of detect."""
