"""The rules of the house, held by machine: shape, arrows, registries, docs."""
