"""Tables of learn, one noun a file; the house imports them all."""
