"""When a provider says that it is otherwise than before: each open incident whose flow needs it has it on record."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.provider_status import ProviderState
from firstcall.detect.queries.provider_status import flows_needing
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.provider import Provider
from firstcall.respond.commands.incident import note_provider
from firstcall.respond.commands.lane import rethink_lanes
from firstcall.respond.models.incident import OPEN_STATES, Incident


@stores("reactions.provider_said", lane="update")
def provider_said(job: Job, *, now: dt.datetime) -> None:
    """It wakes nobody by itself: what a provider says of itself is a hint. Lanes that wait for it are decided again."""
    provider = Provider.objects.filter(pk=job.payload["provider"]).first()
    if provider is None:
        return
    flows = flows_needing([provider.pk])[provider.pk]
    said = str(ProviderState(job.payload["state"]).label)
    for incident in Incident.objects.filter(state__in=OPEN_STATES, practice=False, flow__in=flows).order_by("pk"):
        note_provider(incident=incident, name=provider.name, said=said, what=job.payload["why"], by=MACHINE, now=now)
        rethink_lanes(incident=incident, now=now)
