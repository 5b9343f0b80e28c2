"""How parcels travel: one folder a channel."""
