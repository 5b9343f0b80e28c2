"""Sources and their keys."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.detect.events import KEY_ENDED, KEY_MADE, SOURCE_ENDED, SOURCE_MADE
from firstcall.detect.models.source import Source, SourceKey, SourceKind
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest, new_intake_key
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.component import Component

MOST_KEYS = 2


def make_source(
    *, name: str, kind: str, component: Component | None = None, by: Actor, now: dt.datetime
) -> tuple[Source, str]:
    """A source and its first key, which is shown once and never again. Raises Refused without a name or kind."""
    name = name.strip()
    if not name:
        raise Refused(_("Give the source a name, such as the tool it stands for."), field="name")
    if kind not in SourceKind.values:
        raise Refused(_("Choose what kind of tool it is."), field="kind")
    with transaction.atomic():
        source = Source.objects.create(name=name[:120], kind=kind, component=component, created_at=now)
        record(SOURCE_MADE, by=by, now=now, subject=f"source:{source.pk}", name=source.name)
        return source, _make_key(source, by=by, now=now)


def new_key(*, source: Source, by: Actor, now: dt.datetime) -> str:
    """A further key, so that a sender can change over in calm. Two may be valid at once: Refused for a third."""
    with transaction.atomic():
        if source.ended_at is not None:
            raise Refused(_("This source has ended: make a new one."))
        if source.keys.filter(ended_at__isnull=True).count() >= MOST_KEYS:
            raise Refused(_("Two keys are valid already: end one of them first."))
        return _make_key(source, by=by, now=now)


def _make_key(source: Source, *, by: Actor, now: dt.datetime) -> str:
    key = new_intake_key()
    SourceKey.objects.create(source=source, digest=digest(key), hint=f"{key[:8]}…", created_at=now)
    record(KEY_MADE, by=by, now=now, subject=f"source:{source.pk}", name=source.name)
    return key


def end_key(*, key: SourceKey, by: Actor, now: dt.datetime) -> None:
    """From the next second on this key is refused everywhere."""
    with transaction.atomic():
        if SourceKey.objects.filter(pk=key.pk, ended_at__isnull=True).update(ended_at=now):
            record(KEY_ENDED, by=by, now=now, subject=f"source:{key.source_id}", name=key.source.name)


def end_source(*, source: Source, by: Actor, now: dt.datetime) -> None:
    """The source and all its keys; what it sent stays."""
    with transaction.atomic():
        if Source.objects.filter(pk=source.pk, ended_at__isnull=True).update(ended_at=now):
            source.keys.filter(ended_at__isnull=True).update(ended_at=now)
            record(SOURCE_ENDED, by=by, now=now, subject=f"source:{source.pk}", name=source.name)
