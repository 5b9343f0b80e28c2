"""What each topic of readiness looks at, and the holes it finds."""
