"""What the worker runs for learn."""
