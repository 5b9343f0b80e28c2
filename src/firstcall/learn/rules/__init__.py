"""Pure decisions of learn."""
