"""Tables of detect, one noun a file; the house imports them all."""
