"""Simulated evenings: the real code and store, an invented clock, two workers, a flaky provider, forgetful people."""
