"""What may break a rule of the house, each with its reason. An entry nobody needs any more fails its test."""

# File in src, or file::function: tables and parsers only.
LONG: dict[str, str] = {}

# Queries over rows that belong to an incident, without a viewer.
WITHOUT_VIEWER: dict[str, str] = {}
