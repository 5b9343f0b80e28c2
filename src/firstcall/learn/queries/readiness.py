"""How ready the house is, alerts, providers and actions included: one answer for Now, for its page and for each day."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.models.source import Source, SourceKind
from firstcall.detect.queries.provider_status import watched
from firstcall.detect.queries.watched import watched_flows
from firstcall.learn.models.action import Action
from firstcall.people.queries.visibility import open_to_all
from firstcall.ready.queries.readiness import Seen, readiness, today
from firstcall.ready.rules.holes.facts import ActionFacts
from firstcall.ready.rules.readiness import Readiness


def readiness_now(*, now: dt.datetime) -> Readiness:
    """All that holds, and every hole, the dearest first. 29 statements at most.

    The same for everybody, so actions of restricted incidents are left out.
    """
    rows = Action.objects.filter(done_at__isnull=True).select_related("owner")
    actions = list(open_to_all(rows, field="postmortem__incident"))
    late = [one for one in actions if one.due < today(now)]
    seen = Seen(
        sources=Source.objects.filter(ended_at=None).exclude(kind=SourceKind.DEPLOY).count(),
        flows=frozenset(watched_flows(now=now)),
        providers=watched(),
        late=tuple(ActionFacts(one.pk, one.what, one.owner.name, one.due) for one in late),
        on_time=len(actions) - len(late),
    )
    return readiness(seen=seen, now=now)
