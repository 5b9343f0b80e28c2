"""What the worker runs for detect."""
