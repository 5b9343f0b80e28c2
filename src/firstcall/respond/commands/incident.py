"""Opening an incident and moving it along."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.commands.incident import let_go, take_back
from firstcall.detect.commands.report import link_waiting_reports
from firstcall.detect.commands.seal import seal_incident
from firstcall.detect.queries.group import firing_of_incident
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow
from firstcall.respond import events
from firstcall.respond.commands.call_back import follow_reports
from firstcall.respond.commands.escalation import end_escalations
from firstcall.respond.commands.lane import rethink_lanes
from firstcall.respond.commands.look_in import plan_look_in
from firstcall.respond.commands.role import fill_roles
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.queries.recurrence import times_declined, times_over
from firstcall.respond.rules.impact import decide_return
from firstcall.respond.rules.incident import OPEN, Objection, decide_move
from firstcall.respond.rules.page import rank_of
from firstcall.respond.rules.recurrence import patience
from firstcall.respond.rules.wall_time import zone_named


def subject_of(incident: Incident) -> str:
    """The journal's subject of an incident."""
    return f"incident:{incident.pk}"


def locked(incident: Incident) -> Incident:
    """The row as it is now, held until the transaction ends."""
    return Incident.objects.select_for_update().select_related(None).get(pk=incident.pk)


def refuse(objection: Objection | None) -> None:
    """Raise Refused for what a rule objects to, in the reader's words."""
    if objection is not None:
        raise Refused(speak(objection.said), field=objection.field)


def open_incident(
    *,
    title: str,
    flow: Flow | None,
    severity: int,
    symptom: str,
    impact_started_at: dt.datetime | None,
    by: Actor,
    now: dt.datetime,
    reason: str = "",
    error: str = "",
    onset: str = "",
    said_by: str = "",
    severity_reason: str = "",
    accepted: bool = False,
    restricted: bool = False,
    practice: bool = False,
) -> Incident:
    """Open a room in triage, or already accepted when a person declares it. Wakes nobody by itself.

    Its roles are filled with whoever was named for them beforehand. What was reported of the flow just before belongs
    to it, unless few may see it. Raises Refused without a title, for
    a severity outside 1 to 4, or an impact that begins after `now`.
    """
    title = " ".join(title.split())
    _check_opening(title, severity, impact_started_at, now)
    with transaction.atomic():
        incident = Incident.objects.create(
            title=title[:160],
            flow=flow,
            severity=severity,
            severity_reason=severity_reason,
            severity_flow=flow,
            state=State.INVESTIGATING if accepted else State.TRIAGE,
            symptom=symptom[:200],
            error=error[:300],
            onset=onset,
            reason=reason,
            said_by=said_by[:160],
            impact_started_at=impact_started_at,
            opened_at=now,
            accepted_at=now if accepted else None,
            restricted=restricted,
            practice=practice,
        )
        if restricted:
            opener = list(User.objects.filter(pk=by.id or 0)) if by.kind == "person" else []
            incident.named.set(opener)
            seal_incident(incident=incident.pk, restricted=True, named=opener)
        _tell_opened(incident, by=by, now=now)
        fill_roles(incident=incident, by=by, now=now)
        if flow is not None and not restricted and not practice:
            taken = link_waiting_reports(flow=flow.pk, incident=incident.pk, by=by, now=now)
            follow_reports(reports=taken, incident=incident, by=by, now=now)
    return incident


def _tell_opened(incident: Incident, *, by: Actor, now: dt.datetime) -> None:
    begun = incident.impact_started_at
    record(
        events.OPENED,
        by=by,
        now=now,
        subject=subject_of(incident),
        incident=incident.pk,
        reference=incident.reference,
        title=incident.title,
        flow=incident.flow.name if incident.flow else "",
        severity=incident.severity,
        symptom=incident.symptom,
        reason=incident.reason,
        said_by=incident.said_by,
        impact_started_at=begun.isoformat() if begun else None,
    )


def _check_opening(title: str, severity: int, impact_started_at: dt.datetime | None, now: dt.datetime) -> None:
    if not title:
        raise Refused(_("Say what you see, in a few words."), field="title")
    if not 1 <= severity <= 4:
        raise Refused(_("Choose SEV1, SEV2, SEV3 or SEV4."), field="severity")
    if impact_started_at is not None and impact_started_at > now:
        raise Refused(_("It can't have begun in the future. Check the time."), field="since")


def accept_incident(*, incident: Incident, by: Actor, now: dt.datetime) -> Incident:
    """Say that this is an incident: from triage to investigating. Accepting twice changes nothing."""
    with transaction.atomic():
        row = locked(incident)
        if row.accepted_at is not None and row.state != State.TRIAGE:
            return row
        refuse(decide_move(row.state, State.INVESTIGATING, reason=""))
        row.state = State.INVESTIGATING
        row.accepted_at = now
        row.save(update_fields=["state", "accepted_at"])
        record(events.ACCEPTED, by=by, now=now, subject=subject_of(row), incident=row.pk)
        plan_look_in(incident=row, now=now)
    return row


def decline_incident(*, incident: Incident, by: Actor, now: dt.datetime, reason: str) -> Incident:
    """Say that this is no incident, and why: from triage to closed; nobody more is woken."""
    with transaction.atomic():
        row = locked(incident)
        if row.state != State.TRIAGE:
            raise Refused(_("It was accepted already. Change its state instead."), field="state")
        refuse(decide_move(row.state, State.CLOSED, reason=reason))
        row.state = State.CLOSED
        row.closed_at = now
        row.save(update_fields=["state", "closed_at"])
        record(events.DECLINED, by=by, now=now, subject=subject_of(row), incident=row.pk, reason=reason)
        _let_fire(row, ", ".join(firing_of_incident(row.pk)), by=by, now=now)
        end_escalations(incident=row, by=by, now=now, reason=_("it is no incident"))
        let_go(incident=row.pk, now=now)
    return row


def _let_fire(row: Incident, firing: str, *, by: Actor, now: dt.datetime) -> None:
    """What was declined and fires on is asked again, later each time."""
    if not firing:
        return
    due = now + patience(times_declined(row) + 1, declined=True)
    local = due.astimezone(zone_named(settings.ENV["FIRSTCALL_ZONE"]))
    record(
        events.STILL_FIRING, by=by, now=now, subject=subject_of(row), incident=row.pk, what=firing,
        again=f"{date_format(local, 'D H:i')} {local.tzname()}",
    )  # fmt: skip
    _look_again(row, due, now=now)


def _look_again(row: Incident, due: dt.datetime, *, now: dt.datetime) -> None:
    plan_job(
        "reactions.still_firing",
        key=f"incident:{row.pk}:still_firing:{now.isoformat()}",
        now=now,
        due=due,
        payload={"incident": row.pk, "over_at": now.isoformat()},
        subject=subject_of(row),
        rank=rank_of(row.severity),
    )


def change_state(
    *,
    incident: Incident,
    state: str,
    by: Actor,
    now: dt.datetime,
    reason: str = "",
    all_the_same: bool = False,
    back: dt.datetime | None = None,
) -> Incident:
    """Move it to `state`. Going back needs a reason. What the public was told does not move with it.

    Opening again says since when people are hit again (`back`, None: from now on): until then it worked.

    Resolving while its alerts fire needs a reason and `all_the_same`; somebody looks again, as `patience` says.
    Raises Refused when it can't go there from where it is, or for a `back` after `now`.
    """
    with transaction.atomic():
        row = locked(incident)
        before = State(row.state)
        if before == State.TRIAGE and state == State.INVESTIGATING:
            return accept_incident(incident=row, by=by, now=now)
        if before == State.TRIAGE and state == State.CLOSED:
            return decline_incident(incident=row, by=by, now=now, reason=reason)
        firing = tuple(firing_of_incident(row.pk)) if state == State.RESOLVED else ()
        refuse(decide_move(before, state, reason=reason, firing=firing, all_the_same=all_the_same))
        after = State(state)
        row.state = after
        if after == State.RESOLVED:
            row.resolved_at = now
        elif after == State.CLOSED:
            row.closed_at = now
        elif before not in OPEN:
            come_back(row, back, now=now)
        row.save(update_fields=["state", "resolved_at", "closed_at", "recovered_at", "joined", "returns"])
        tell_of_state(row, before, after, by=by, now=now, reason=reason)
        if before not in OPEN and after in OPEN:
            take_back(incident=row.pk)
            plan_look_in(incident=row, now=now)
        if after not in OPEN:
            end_escalations(incident=row, by=by, now=now, reason=_("it is resolved"))
        if before in OPEN and after not in OPEN:
            _let_go(row, firing, by=by, now=now, reason=reason)
    return row


def come_back(row: Incident, back: dt.datetime | None, *, now: dt.datetime) -> None:
    """It opens again: keep since when people are hit again; the caller saves.

    Raises Refused for a `back` after `now`.
    """
    if back is not None and back > now:
        raise Refused(_("It can't have begun in the future. Check the time."), field="back")
    if row.ended is not None:
        row.note_return(decide_return(row.ended, worked=row.resolved_at is not None, back=back, now=now))
    row.resolved_at = row.closed_at = row.recovered_at = row.joined = None


def _let_go(row: Incident, firing: tuple[str, ...], *, by: Actor, now: dt.datetime, reason: str) -> None:
    """It is over: what fires anew is judged anew, and what fires still is looked at again."""
    if firing:
        record(
            events.RESOLVED_FIRING, by=by, now=now, subject=subject_of(row), incident=row.pk, what=", ".join(firing),
            reason=reason.strip(),
        )  # fmt: skip
    let_go(incident=row.pk, now=now)
    _look_again(row, now + patience(times_over(row)), now=now)


def tell_of_state(row: Incident, before: State, after: State, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """On the timeline, in the words for where it went."""
    kind = events.STATE_CHANGED
    if after == State.RESOLVED:
        kind = events.RESOLVED
    elif before not in OPEN and after in OPEN:
        kind = events.REOPENED
    record(
        kind,
        by=by,
        now=now,
        subject=subject_of(row),
        incident=row.pk,
        before=before.value,
        after=after.value,
        before_words=str(before.label),
        after_words=str(after.label),
        reason=reason,
    )


DESCRIBED = {
    "title": gettext_lazy("in one line"),
    "flow": gettext_lazy("flow"),
    "symptom": gettext_lazy("people see"),
    "error": gettext_lazy("the error"),
    "impact_started_at": gettext_lazy("people are hit since"),
    "cause": gettext_lazy("why"),
    "onset": gettext_lazy("how it began"),
}


def _told(row: Incident, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(zone_named(settings.ENV['FIRSTCALL_ZONE'])):%H:%M %Z}"
    shown = getattr(row, f"get_{name}_display", None)
    return str(shown() if shown else value or "–")


def describe_incident(
    *, incident: Incident, by: Actor, now: dt.datetime, **known: str | dt.datetime | Flow | None
) -> Incident:
    """Write down what is known now: any of title, flow, symptom, error, impact_started_at, cause, onset.

    Only what differs is kept and told. Raises Refused for an impact in the future or an empty title.
    """
    unknown = set(known) - set(DESCRIBED)
    if unknown:
        raise TypeError(f"an incident has no {sorted(unknown)}")
    begun = known.get("impact_started_at")
    if isinstance(begun, dt.datetime) and begun > now:
        raise Refused(_("It can't have begun in the future. Check the time."), field="since")
    if "title" in known and not str(known["title"] or "").strip():
        raise Refused(_("Say what you see, in a few words."), field="title")
    with transaction.atomic():
        row = locked(incident)
        changed = {name: value for name, value in known.items() if getattr(row, name) != value}
        if not changed:
            return row
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        what = "; ".join(f"{DESCRIBED[name]}: {_told(row, name)}" for name in changed)
        record(
            events.DESCRIBED,
            by=by,
            now=now,
            subject=subject_of(row),
            incident=row.pk,
            what=what,
            fields=sorted(changed),
        )
        if "flow" in changed:
            rethink_lanes(incident=row, now=now)
    return row


def restrict_incident(
    *, incident: Incident, restricted: bool, named: list[User], by: Actor, now: dt.datetime
) -> Incident:
    """Hide it from all but the named and the admins, or show it again; its past goes with it."""
    with transaction.atomic():
        row = locked(incident)
        row.restricted = restricted
        row.save(update_fields=["restricted"])
        row.named.set(named)
        seal_incident(incident=row.pk, restricted=restricted, named=named)
        names = ", ".join(sorted(user.name for user in named))
        who = _("only {names} and admins").format(names=names or _("those named")) if restricted else _("everyone")
        record(events.RESTRICTED, by=by, now=now, subject=subject_of(row), incident=row.pk, who=who)
    return row


def note_finding(*, incident: Incident, what: str, by: Actor, now: dt.datetime) -> None:
    """Write a finding onto the timeline. Raises Refused when it says nothing."""
    what = what.strip()
    if not what:
        raise Refused(_("Write what you found."), field="what")
    with transaction.atomic():
        record(events.NOTED, by=by, now=now, subject=subject_of(incident), incident=incident.pk, what=what[:2000])


def note_recovery(*, incident: Incident, what: str, by: Actor, now: dt.datetime) -> Incident:
    """The signals went quiet. It is told and asked about; nothing is resolved by itself."""
    with transaction.atomic():
        row = locked(incident)
        if row.is_open and row.recovered_at is None:
            row.recovered_at = now
            row.save(update_fields=["recovered_at"])
            record(events.RECOVERED, by=by, now=now, subject=subject_of(row), incident=row.pk, what=what)
    return row


def note_alerts(*, incident: Incident, what: str, by: Actor, now: dt.datetime) -> Incident:
    """More alerts joined; when the signals were quiet before, they are back."""
    with transaction.atomic():
        row = locked(incident)
        kind = events.ALERT_JOINED
        if row.recovered_at is not None:
            row.recovered_at = None
            row.save(update_fields=["recovered_at"])
            kind = events.BROKE_AGAIN
        record(kind, by=by, now=now, subject=subject_of(row), incident=row.pk, what=what)
    return row


def note_provider(*, incident: Incident, name: str, said: str, what: str, by: Actor, now: dt.datetime) -> None:
    """A provider that its flow needs says of itself that it is otherwise than before."""
    with transaction.atomic():
        record(
            events.PROVIDER_SAID, by=by, now=now, subject=subject_of(incident), incident=incident.pk, name=name,
            said=said, what=what,
        )  # fmt: skip
