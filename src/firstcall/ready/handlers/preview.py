"""Files that nobody confirmed are forgotten."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.ready.commands.preview import forget_previews


@manages("ready.previews", lane="upkeep", every=3600.0)
def forget_due(*, now: dt.datetime) -> int:
    """How many left."""
    return forget_previews(now=now)
