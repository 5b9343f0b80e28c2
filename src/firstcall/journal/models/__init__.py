"""Tables of journal, one noun a file; the house imports them all."""
