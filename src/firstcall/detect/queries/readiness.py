"""How ready the house is, sources of alerts included: one answer for Now, for its own page and for each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from firstcall.detect.models.source import Source
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.oncall import Plan
from firstcall.ready.queries.readiness import readiness
from firstcall.ready.rules.readiness import Readiness


def readiness_now(
    *, now: dt.datetime, plans: Sequence[Plan] | None = None, flows: Sequence[Flow] | None = None
) -> Readiness:
    """All that holds, and every hole, the dearest first. Eleven statements, four with all `plans` and `flows`."""
    return readiness(sources=Source.objects.filter(ended_at=None).count(), now=now, plans=plans, flows=flows)
