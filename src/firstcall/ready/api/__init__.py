"""What programs may ask of ready, and tell it."""
