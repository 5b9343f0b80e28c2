"""During: incidents, roles, escalations, needs, decisions."""
