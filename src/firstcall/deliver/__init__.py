"""What must happen outside or later: jobs, attempts, channels, the worker."""
