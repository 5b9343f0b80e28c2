"""Firstcall: the first call must not come from a customer."""
