"""Words out: updates, audiences, cadence, status pages, subscribers."""
