"""Before: flows, the map, schedules, escalation paths, the severity table."""
