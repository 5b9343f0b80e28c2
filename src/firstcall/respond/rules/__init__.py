"""Pure decisions of respond."""
