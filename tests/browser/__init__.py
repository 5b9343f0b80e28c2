"""What tests with a real browser share."""
