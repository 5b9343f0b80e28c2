"""What the worker runs for inform."""
