"""Tables of deliver, one noun a file; the house imports them all."""
