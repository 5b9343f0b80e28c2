"""Formats in which providers say how they are: bytes in, a `Reading` out. Told apart by their shape alone."""
