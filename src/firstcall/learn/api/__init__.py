"""What programs may ask of learn, and tell it."""
