"""What programs may ask of people, and tell it."""
