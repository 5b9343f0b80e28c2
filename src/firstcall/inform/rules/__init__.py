"""Pure decisions of inform."""
