"""The two who watch each other: worker and auditor touch a file each, by which the other sees that they live.

The files lie in the data folder. Where web and worker do not share one, neither hears the other; the auditor then
goes by the pages that are late, and the worker by nothing.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Literal

from django.conf import settings

Who = Literal["auditor", "worker"]


def _file(who: Who) -> Path:
    return Path(settings.DATA) / f"{who}.beat"


def beat(who: Who, *, now: dt.datetime) -> None:
    """Say that `who` lives at `now`."""
    path = _file(who)
    path.touch()
    os.utime(path, (now.timestamp(), now.timestamp()))


def heard(who: Who) -> dt.datetime | None:
    """When `who` was heard last; None when never in this data folder."""
    try:
        return dt.datetime.fromtimestamp(_file(who).stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None
