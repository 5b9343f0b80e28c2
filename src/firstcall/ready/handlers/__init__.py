"""What the worker runs for ready."""
