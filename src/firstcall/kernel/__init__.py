"""Clock, ids, actors, refusals, text: the standard library only."""
