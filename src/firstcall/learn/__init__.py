"""After: postmortems, findings, actions, cost."""
