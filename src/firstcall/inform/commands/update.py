"""Sending words: one act writes the texts, the status page's version and the mails that follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job, plan_jobs
from firstcall.inform.commands.page_version import add_version
from firstcall.inform.events import HOLDING_SENT, REPAIR_STATED, UPDATE_PUBLISHED, WORDS_OVERRULED
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience, Update
from firstcall.inform.queries.clocks import last_updates, public_state
from firstcall.inform.queries.reach import living_subscribers, pages_showing, people_for
from firstcall.inform.rules.reach import nobody_hears, what_to_do
from firstcall.inform.rules.status import OVER, SAYABLE, public_state_of
from firstcall.inform.rules.wording import Mark
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone, speak, wall
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond.models.incident import OPEN_STATES, Incident

MOST = 4000
SLICE = 200  # subscribers whose mails are planned in one transaction
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Repair:
    """A time of repair and on what it rests."""

    at: dt.datetime
    basis: str


def publish_update(
    *,
    incident: Incident,
    texts: Mapping[str, str],
    seen: int,
    next_due: Mapping[str, dt.datetime | None],
    by: Actor,
    now: dt.datetime,
    public_state: str | None = None,
    holding: bool = False,
    overruled: Sequence[Mark] = (),
    repair: Repair | None = None,
) -> list[Update]:
    """Send a text to each audience in `texts` (empty ones are left out), together.

    `seen` is the number of the last update the writer saw: when somebody else has posted meanwhile it is refused with
    their words, so that the public never hears two stories. So it is when an audience has nobody in it, or no status
    page shows what the public would be told: a word to nobody is no word. `public_state` is what the public is told of
    the state; None: the room's, in the public's words. `holding`: it says that nothing is new, to who was told that it
    fails; for others it is their first word. Raises Refused; nothing is sent then.
    """
    chosen = {audience: _clean(text) for audience, text in texts.items() if _clean(text)}
    _check(chosen, next_due, incident, public_state, now)
    _check_repair(repair, now)
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        last = _last(row)
        if last is not None and last.number != seen:
            raise Refused(
                _("%(name)s has posted meanwhile: “%(text)s” Read it, then send yours.")
                % {"name": last.by_name, "text": last.text[:300]}
            )
        hearers = _hearers(row, chosen)
        told = {audience for audience, word in last_updates([row])[row.pk].items() if word.state not in OVER}
        updates = []
        for audience, text in chosen.items():
            state = row.state
            if audience == Audience.PUBLIC:
                state = public_state or public_state_of(row.state)
            over = row.state not in OPEN_STATES or (audience == Audience.PUBLIC and state in OVER)
            updates.append(
                Update(
                    incident=row, number=(last.number if last else 0) + 1, audience=audience, text=text, state=state,
                    severity=row.severity, next_due_at=None if over else next_due.get(audience),
                    holding=holding and audience in told,
                    overruled=[{"mark": mark.kind, "text": mark.text} for mark in overruled],
                    repair_at=repair.at if repair else None, repair_basis=repair.basis.strip() if repair else "",
                    at=now, by_id=by.id, by_name=by.name,
                )
            )  # fmt: skip
        Update.objects.bulk_create(updates)
        _journal(row, updates, overruled, repair, by=by, now=now)
        for update in updates:
            _send(update, hearers, now=now)
    return updates


@dataclass(frozen=True, slots=True)
class Hearers:
    """Who hears: people by audience inside, and the status pages the public's words stand on."""

    people: Mapping[str, Sequence[User]]
    pages: Sequence[StatusPage]


def _hearers(incident: Incident, audiences: Iterable[str]) -> Hearers:
    """Raises Refused for the first audience without anybody."""
    people: dict[str, Sequence[User]] = {}
    pages: Sequence[StatusPage] = []
    for audience in audiences:
        if audience == Audience.PUBLIC:
            pages = pages_showing(incident)
        else:
            people[audience] = people_for(audience, incident)
        if not (pages if audience == Audience.PUBLIC else people[audience]):
            why = speak(nobody_hears(audience, incident.flow.name if incident.flow else ""))
            raise Refused(f"{why} {what_to_do(audience)}", field=audience)
    return Hearers(people, [] if incident.practice else pages)


def _clean(text: str) -> str:
    """Without what no page, feed or mail can carry."""
    return UNPRINTABLE.sub(" ", text.replace("\r\n", "\n")).strip()


def _last(incident: Incident) -> Update | None:
    """The last update; of those posted together the public's words, if there are any."""
    rows = list(incident.updates.order_by("-number", "audience")[: len(Audience.values)])
    together = [row for row in rows if row.number == rows[0].number]
    return next((row for row in together if row.audience == Audience.PUBLIC), together[0] if together else None)


def _check(
    chosen: Mapping[str, str],
    next_due: Mapping[str, dt.datetime | None],
    incident: Incident,
    public_state: str | None,
    now: dt.datetime,
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
            raise Refused(_("The next word must come after this one."), field="next")
    if Audience.PUBLIC not in chosen:
        return
    if incident.restricted:
        raise Refused(_("This incident is restricted: nothing is said publicly."), field=Audience.PUBLIC)
    if public_state is not None and public_state not in SAYABLE:
        raise Refused(_("Choose what the public is told."), field="state")
    if public_state == "resolved" and incident.state in OPEN_STATES:
        raise Refused(_("The room still works on it. Resolve it there first, then tell the public."), field="state")


def _check_repair(repair: Repair | None, now: dt.datetime) -> None:
    if repair is None:
        return
    if not repair.basis.strip():
        raise Refused(_("Say on what the time of repair rests, or leave it out."), field="basis")
    if len(repair.basis.strip()) > 300:
        raise Refused(_("Say in at most 300 characters on what it rests."), field="basis")
    if repair.at <= now:
        raise Refused(_("The time of repair must lie ahead."), field="repair")


def _who(audience: str) -> str:
    """Whom the timeline says it was told."""
    return {"inside": _("the team"), "public": _("the public")}.get(audience, str(Audience(audience).label).lower())


def _journal(
    incident: Incident,
    updates: Sequence[Update],
    overruled: Sequence[Mark],
    repair: Repair | None,
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    subject = f"incident:{incident.pk}"
    for update in updates:
        record(
            HOLDING_SENT if update.holding else UPDATE_PUBLISHED,
            by=by, now=now, subject=f"update:{update.pk}", incident=incident.pk,
            audience=update.audience, audience_words=_who(update.audience), text=update.text,
            number=update.number, state=update.state,
            next_due_at=update.next_due_at.isoformat() if update.next_due_at else None,
        )  # fmt: skip
    if overruled:
        record(
            WORDS_OVERRULED, by=by, now=now, subject=subject, incident=incident.pk,
            marks=", ".join(sorted({mark.text or _("no next time") for mark in overruled})),
            kinds=sorted({mark.kind for mark in overruled}),
        )  # fmt: skip
    if repair is not None:
        record(
            REPAIR_STATED, by=by, now=now, subject=subject, incident=incident.pk,
            at=wall(repair.at, organisation_zone()), basis=repair.basis.strip(), repair_at=repair.at.isoformat(),
        )  # fmt: skip


def _send(update: Update, hearers: Hearers, *, now: dt.datetime) -> None:
    subject, rank = f"update:{update.pk}", update.severity * 10
    if update.audience != Audience.PUBLIC:
        mails = {
            f"update:{update.pk}:person:{person.pk}": {"update": update.pk, "person": person.pk}
            for person in hearers.people[update.audience]
            if person.pk != update.by_id
        }
        plan_jobs("inform.inside_mail", mails, now=now, subject=subject, rank=rank)
        return
    for page in hearers.pages:
        add_version(page=page, now=now)
    if hearers.pages:
        plan_job(
            "inform.fan_out", key=f"update:{update.pk}:fan-out:0", now=now,
            payload={"update": update.pk, "after": ""}, subject=subject, rank=rank,
        )  # fmt: skip


def fan_out(*, update: Update, after: str, now: dt.datetime) -> int:
    """Plan the mails of the next slice of subscribers, by address after `after`, and the slice that follows; how many.

    An address that follows several pages gets one mail an update.
    """
    with transaction.atomic():
        rows = living_subscribers(update.incident).filter(email__gt=after).order_by("email", "pk")
        first: dict[str, Subscriber] = {}
        for row in rows[: SLICE * 2]:
            if len(first) < SLICE or row.email in first:
                first.setdefault(row.email, row)
        mails = {
            f"update:{update.pk}:subscriber:{row.pk}": {"update": update.pk, "subscriber": row.pk}
            for row in first.values()
        }
        plan_jobs("inform.subscriber_mail", mails, now=now, subject=f"update:{update.pk}", rank=update.severity * 10)
        if first:
            last = max(first)
            plan_job(
                "inform.fan_out", key=f"update:{update.pk}:fan-out:{first[last].pk}", now=now,
                payload={"update": update.pk, "after": last}, subject=f"update:{update.pk}", rank=update.severity * 10,
            )  # fmt: skip
    return len(first)


def post_holding(
    *,
    incident: Incident,
    texts: Mapping[str, str],
    seen: int,
    next_due: Mapping[str, dt.datetime | None],
    by: Actor,
    now: dt.datetime,
) -> list[Update]:
    """'Nothing new', worded for each audience in `texts`, said once; it resets all their clocks.

    The public state stays what it was: a holding update tells nothing new.
    """
    told = public_state(incident)
    return publish_update(
        incident=incident,
        texts=texts,
        seen=seen,
        next_due=next_due,
        public_state=told if told not in (None, *OVER) else None,
        by=by,
        now=now,
        holding=True,
    )
