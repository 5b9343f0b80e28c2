"""What programs may ask of inform, and tell it."""
