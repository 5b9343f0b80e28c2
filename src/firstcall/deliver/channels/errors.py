"""What a channel raises when a try failed and another may succeed."""

from __future__ import annotations


class Failed(Exception):
    """`maybe_arrived`: the receiver may have taken it though we got no answer."""

    def __init__(self, reason: str, *, maybe_arrived: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_arrived = maybe_arrived
