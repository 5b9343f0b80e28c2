"""What the worker runs for people."""
