"""Tags of respond."""
