"""Sending words: one act writes the texts, the status page's version and the mails that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.inform.commands.page_version import add_version
from firstcall.inform.events import HOLDING_SENT, UPDATE_PUBLISHED, WORDS_OVERRULED
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience, Update
from firstcall.inform.queries.reach import pages_of, people_for
from firstcall.inform.rules.wording import Mark
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond.models.incident import OPEN_STATES, Incident

MOST = 4000


def publish_update(
    *,
    incident: Incident,
    texts: Mapping[str, str],
    seen: int,
    next_due: Mapping[str, dt.datetime | None],
    by: Actor,
    now: dt.datetime,
    holding: bool = False,
    overruled: Sequence[Mark] = (),
) -> list[Update]:
    """Send a text to each audience in `texts` (empty ones are left out), together.

    `seen` is the number of the last update the writer saw: when somebody else has posted meanwhile it is refused with
    their words, so that the public never hears two stories. Raises Refused; nothing is sent then.
    """
    chosen = {audience: text.strip() for audience, text in texts.items() if text.strip()}
    _check(chosen, next_due, incident, now)
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        last = row.updates.order_by("-number").first()
        if last is not None and last.number != seen:
            raise Refused(
                _("%(name)s has posted meanwhile: “%(text)s” Read it, then send yours.")
                % {"name": last.by_name, "text": last.text[:300]}
            )
        number = (last.number if last else 0) + 1
        updates = [
            Update.objects.create(
                incident=row, number=number, audience=audience, text=text, state=row.state, severity=row.severity,
                next_due_at=next_due.get(audience) if row.state in OPEN_STATES else None, holding=holding,
                overruled=[{"mark": mark.kind, "text": mark.text} for mark in overruled], at=now,
                by_id=by.id, by_name=by.name,
            )
            for audience, text in chosen.items()
        ]  # fmt: skip
        _journal(row, updates, overruled, by=by, now=now)
        for update in updates:
            _send(update, row, now=now)
    return updates


def _check(
    chosen: Mapping[str, str], next_due: Mapping[str, dt.datetime | None], incident: Incident, now: dt.datetime
) -> None:
    if not chosen:
        raise Refused(_("Write at least one text."), field="public")
    for audience, text in chosen.items():
        if audience not in Audience.values:
            raise Refused(_("There is no such audience."), field=audience)
        if len(text) > MOST:
            raise Refused(_("At most 4,000 characters: people read this on a phone."), field=audience)
        due = next_due.get(audience)
        if due is not None and due <= now:
            raise Refused(_("The next word must come after this one."), field=f"next_{audience}")
    if Audience.PUBLIC in chosen and incident.restricted:
        raise Refused(_("This incident is restricted: nothing is said publicly."), field=Audience.PUBLIC)


def _journal(
    incident: Incident, updates: Sequence[Update], overruled: Sequence[Mark], *, by: Actor, now: dt.datetime
) -> None:
    for update in updates:
        record(
            HOLDING_SENT if update.holding else UPDATE_PUBLISHED,
            by=by, now=now, subject=f"update:{update.pk}", incident=incident.pk,
            audience=str(Audience(update.audience).label).lower(), text=update.text, number=update.number,
            next_due_at=update.next_due_at.isoformat() if update.next_due_at else None,
        )  # fmt: skip
    if overruled:
        record(
            WORDS_OVERRULED, by=by, now=now, subject=f"incident:{incident.pk}", incident=incident.pk,
            marks=", ".join(sorted({mark.text or mark.kind for mark in overruled})),
        )  # fmt: skip


def _send(update: Update, incident: Incident, *, now: dt.datetime) -> None:
    if update.audience != Audience.PUBLIC:
        for person in people_for(update.audience, incident):
            _plan_inside(update, person, now=now)
        return
    for page in pages_of(incident):
        add_version(page=page, now=now)
        living = Subscriber.objects.filter(page=page, confirmed_at__isnull=False, ended_at__isnull=True)
        for subscriber in living.values_list("pk", flat=True):
            plan_job(
                "inform.subscriber_mail",
                key=f"update:{update.pk}:subscriber:{subscriber}",
                now=now,
                payload={"update": update.pk, "subscriber": subscriber},
                subject=f"update:{update.pk}",
                rank=update.severity * 10,
            )


def _plan_inside(update: Update, person: User, *, now: dt.datetime) -> None:
    if person.pk == update.by_id:
        return
    plan_job(
        "inform.inside_mail",
        key=f"update:{update.pk}:person:{person.pk}",
        now=now,
        payload={"update": update.pk, "person": person.pk},
        subject=f"update:{update.pk}",
        rank=update.severity * 10,
    )


def post_holding(
    *,
    incident: Incident,
    text: str,
    audiences: Sequence[str],
    seen: int,
    next_due: Mapping[str, dt.datetime | None],
    by: Actor,
    now: dt.datetime,
) -> list[Update]:
    """'Nothing new' to these audiences, said once, which resets all their clocks."""
    return publish_update(
        incident=incident,
        texts=dict.fromkeys(audiences, text),
        seen=seen,
        next_due=next_due,
        by=by,
        now=now,
        holding=True,
    )
