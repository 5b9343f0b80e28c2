"""The worker takes deployments out of the inbox."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.detect.commands.change import keep_changes


@manages("detect.changes", lane="fold", every=5.0, rest=0.5)
def run_due(*, now: dt.datetime) -> int:
    """How many left the inbox."""
    return keep_changes(now=now)
