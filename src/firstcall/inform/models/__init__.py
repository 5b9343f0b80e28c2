"""Tables of inform, one noun a file; the house imports them all."""
