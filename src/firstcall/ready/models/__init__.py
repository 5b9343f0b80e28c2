"""Tables of ready, one noun a file; the house imports them all."""
