"""When X happens in one phase, do Y in another: one file each."""
