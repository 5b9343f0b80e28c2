"""Tables of respond, one noun a file; the house imports them all."""
