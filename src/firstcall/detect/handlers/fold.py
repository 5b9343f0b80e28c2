"""The worker folds the inbox at every wake, until it is empty.

In a flood it lets 0.2 s of it come together: most of what came repeats the rest, and is counted in one go.
"""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.detect.commands.fold import Fold

FOLD = Fold()


@manages("detect.fold", lane="fold", every=1.0, rest=0.2)
def run_due(*, now: dt.datetime) -> int:
    """Fold what is new; how many rows left the inbox while more wait, else 0."""
    done = FOLD.run(now=now)
    return done if FOLD.more else 0
