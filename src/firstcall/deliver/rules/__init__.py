"""Pure decisions of deliver."""
