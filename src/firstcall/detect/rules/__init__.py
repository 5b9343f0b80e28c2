"""Pure decisions of detect."""
