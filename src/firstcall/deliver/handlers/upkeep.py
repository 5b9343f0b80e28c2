"""The worker clears what is long done, and keeps a note of how the store grows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from firstcall.deliver.commands.upkeep import clear_ended
from firstcall.deliver.growth import note_size
from firstcall.deliver.kinds import manages
from firstcall.deliver.queries.size import store_bytes


@manages("deliver.upkeep", lane="upkeep", every=300.0)
def run_due(*, now: dt.datetime) -> int:
    """One slice; how many rows left."""
    note_size(Path(settings.DATA), day=now.date(), measure=store_bytes)
    return clear_ended(now=now)
