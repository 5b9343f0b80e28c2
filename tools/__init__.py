"""What works on the project itself: setting it up, testing, checking, measuring."""
