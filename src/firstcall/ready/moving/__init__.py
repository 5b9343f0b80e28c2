"""Reading other on-call systems: what they answer becomes ours, or says why it can't."""
