"""Keeping what providers say of themselves. Asking happens before, outside of any transaction."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.events import PROVIDER_ASKED, PROVIDER_SAID
from firstcall.detect.feeds.asking import Heard
from firstcall.detect.models.provider_status import ProviderEntry, ProviderState, ProviderStatus
from firstcall.detect.rules.provider_status import Entry, Verdict, decide_state, news_of, next_look
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.provider import Provider

ASKING = dt.timedelta(minutes=3)  # nobody else asks meanwhile; after a crash it is asked again
LOST = 5  # looks in vain before the address is looked for anew
KEPT = dt.timedelta(days=400)


def take_provider(*, provider: Provider, now: dt.datetime) -> ProviderStatus | None:
    """The right to ask it now, None when another worker took it. What belongs to an older address is forgotten."""
    with transaction.atomic():
        row, made = ProviderStatus.objects.get_or_create(
            provider=provider, defaults={"asked_url": provider.status_url, "next_at": now + ASKING}
        )
        if made:
            return row
        moved = row.asked_url != provider.status_url
        free = ProviderStatus.objects.filter(pk=row.pk, next_at=row.next_at, asked_url=row.asked_url)
        if not (moved or row.next_at <= now) or not free.update(next_at=now + ASKING, asked_url=provider.status_url):
            return None
        if moved:
            row.delete()
            return ProviderStatus.objects.create(provider=provider, asked_url=provider.status_url, next_at=now + ASKING)
        row.next_at = now + ASKING
        return row


def keep_heard(*, status: ProviderStatus, heard: Heard, now: dt.datetime) -> ProviderStatus:
    """Keep what came back. Silence changes no state: what is shown of an old answer is 'not known' by itself.

    A changed state is journalled once and handed to the reaction. What was told before is not told again.
    """
    with transaction.atomic():
        row = ProviderStatus.objects.select_for_update(of=("self",)).select_related("provider").filter(pk=status.pk)
        found = row.first()
        if found is None:  # removed, or another address meanwhile
            return status
        found.asked_at = now
        if heard.reading is None and not heard.same:
            _silent(found, heard, now=now)
            return found
        found.read_at, found.failures, found.error = now, 0, ""
        found.address, found.etag, found.modified = heard.address, heard.etag, heard.modified
        if heard.reading is not None:
            found.kind, found.parts, found.ours = heard.reading.kind, dict(heard.reading.parts), _ours(found)
            _keep_entries(found, heard.reading.entries, now=now)
            verdict = decide_state(heard.reading, ours=found.ours.splitlines(), now=now)
            _change(found, verdict, now=now)
        found.next_at = next_look(number=found.provider_id, state=found.state, failures=0, now=now)
        found.save()
        return found


def _ours(row: ProviderStatus) -> str:
    return row.provider.status_parts


def _silent(row: ProviderStatus, heard: Heard, *, now: dt.datetime) -> None:
    row.failures += 1
    row.error = heard.error[:600]
    if row.failures % LOST == 0:
        row.address = row.etag = row.modified = ""
    row.next_at = next_look(
        number=row.provider_id, state=row.state, failures=row.failures, now=now, asked_to_wait=heard.wait
    )
    row.save()


def _keep_entries(row: ProviderStatus, entries: tuple[Entry, ...], *, now: dt.datetime) -> None:
    known = dict(row.entries.values_list("key", "digest"))
    new, changed = news_of(known, entries)
    told = [
        ProviderEntry(
            status=row, key=one.key, digest=one.digest, title=one.title, state=one.state, open=one.open, at=one.at,
            url=one.url, told_at=now,
        )
        for one in (*new, *changed)
    ]  # fmt: skip
    ProviderEntry.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["status", "key"],
        update_fields=["digest", "title", "state", "open", "at", "url", "told_at"],
    )  # fmt: skip
    here = {one.key for one in entries}
    row.entries.filter(open=True).exclude(key__in=here).update(open=False)
    row.entries.filter(told_at__lt=now - KEPT).exclude(key__in=here).delete()


def _change(row: ProviderStatus, verdict: Verdict, *, now: dt.datetime) -> None:
    before, first = row.state, row.since is None
    row.why = {"text": verdict.why.text, "facts": dict(verdict.why.facts)}
    if not first and verdict.state == before:
        return
    began = verdict.since if verdict.since is not None and verdict.since <= now else now
    row.state, row.since = verdict.state, began
    if first and verdict.state in (ProviderState.WELL, ProviderState.UNKNOWN):
        return
    record(
        PROVIDER_SAID, by=MACHINE, now=now, subject=f"provider:{row.provider_id}", name=row.provider.name,
        state=verdict.state, said=str(ProviderState(verdict.state).label), why=speak(verdict.why),
    )  # fmt: skip
    plan_job(
        "reactions.provider_said",
        key=f"provider:{row.provider_id}:{now.isoformat()}",
        now=now,
        payload={"provider": row.provider_id, "state": verdict.state, "why": speak(verdict.why)},
    )


def ask_provider(*, provider: Provider, by: Actor, now: dt.datetime) -> None:
    """Ask it now instead of at its time. Raises Refused when nobody said where it tells how it is."""
    if not provider.status_url:
        raise Refused(_("Write down the address of its status page first."), field="status_url")
    with transaction.atomic():
        ProviderStatus.objects.filter(provider=provider, next_at__gt=now).update(next_at=now)
        record(PROVIDER_ASKED, by=by, now=now, subject=f"provider:{provider.pk}", name=provider.name)
