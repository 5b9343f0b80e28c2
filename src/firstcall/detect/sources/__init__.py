"""Formats signals come in: one module a kind, each with `decode` and `signals`."""
