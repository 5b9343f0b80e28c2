"""From what a tool that releases sent to changes in the calendar. No alert comes of it, and nobody is woken."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.detect.events import INBOX_PARKED
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source, SourceKind
from firstcall.detect.rules.bundle import unpack
from firstcall.detect.sources.deploy import Told, changes, decode
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.change import note_change
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

BATCH = 50


def keep_changes(*, now: dt.datetime) -> int:
    """Keep the oldest new deployments; how many rows left the inbox. What can't be read is parked with its reason."""
    rows = Inbox.objects.filter(state=InboxState.NEW, kind=SourceKind.DEPLOY).select_related("source__component")
    return sum(_keep(row, now=now) for row in rows.order_by("id")[:BATCH])


def _keep(row: Inbox, *, now: dt.datetime) -> int:
    told, reason = _read(row)
    with transaction.atomic():
        after = InboxState.PARKED if reason else InboxState.FOLDED
        if not Inbox.objects.filter(pk=row.pk, state=InboxState.NEW).update(state=after, reason=reason):
            return 0
        Source.objects.filter(pk=row.source_id).update(last_heard_at=now)
        for one in told:
            try:
                _note(one, row.source, now=now)
            except Refused as refused:
                reason = refused.sentence
                Inbox.objects.filter(pk=row.pk).update(state=InboxState.PARKED, reason=reason)
        if reason:
            record(INBOX_PARKED, by=MACHINE, now=now, subject=f"inbox:{row.pk}", source=row.source.name, reason=reason)
    return 1


def _read(row: Inbox) -> tuple[list[Told], str]:
    told: list[Told] = []
    try:
        if row.unreadable:
            return [], row.unreadable
        for body in unpack(bytes(row.body), row.held):
            told += changes(decode(body), at=row.received_at)
    except Unreadable as why:
        return told, why.sentence
    return told, ""


def _note(one: Told, source: Source, *, now: dt.datetime) -> None:
    note_change(
        title=one.title, at=one.at, component=_part(one) or source.component, flow=_flow(one.flow), link=one.link,
        said_by=one.by or source.name, key=f"{source.pk}:{one.key}" if one.key else None, by=MACHINE, now=now,
    )  # fmt: skip


def _part(one: Told) -> Component | None:
    names = [name.strip() for name in one.parts if name.strip()]
    for name in names:
        slug = name.lower().replace("_", "-").replace(" ", "-")
        found = Component.objects.filter(slug=slug).first() or Component.objects.filter(name__iexact=name).first()
        if found is not None:
            return found
    return None


def _flow(name: str) -> Flow | None:
    if not name.strip():
        return None
    return Flow.objects.filter(slug=name.strip().lower()).first() or Flow.objects.filter(name__iexact=name).first()
