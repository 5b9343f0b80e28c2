"""What the worker runs for respond."""
