"""What programs may ask of detect, and tell it."""
