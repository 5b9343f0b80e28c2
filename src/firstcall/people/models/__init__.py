"""Tables of people, one noun a file; the house imports them all."""
