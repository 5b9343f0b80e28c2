"""What programs may ask of respond, and tell it."""
