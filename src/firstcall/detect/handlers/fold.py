"""The worker folds the inbox at every wake, until it is empty."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.detect.commands.fold import Fold

FOLD = Fold()


@manages("detect.fold", lane="fold", every=1.0)
def run_due(*, now: dt.datetime) -> int:
    """Fold what is new; how many rows left the inbox."""
    return FOLD.run(now=now)
