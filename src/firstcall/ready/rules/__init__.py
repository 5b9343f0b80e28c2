"""Pure decisions of ready."""
