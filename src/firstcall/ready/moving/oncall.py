"""Grafana OnCall's public HTTP API: users, schedules with shifts, escalation chains with their policies.

The shape is that of OnCall's own reference (grafana/oncall, docs/sources/oncall-api-reference: users.md, schedules.md,
on_call_shifts.md, escalation_policies.md) and of what writes it (engine/apps/public_api/serializers). A shift is an
event that comes back (RFC 5545): its group of people changes with each coming, or with each week when it comes on
several days. The highest level wins; of one level all are notified.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from firstcall.deliver.transport import Unreachable, check_url
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.moving.asking import Asking
from firstcall.ready.moving.comings import Coming, turns_of
from firstcall.ready.moving.fields import EVER, Fields, Unreadable, schedules
from firstcall.ready.rules.taken import Call, Cover, Person, Policy, Rota, Shift, Taken, Way
from firstcall.ready.rules.turns import Turns

LAST_WAIT = 5  # minutes after the last step when the chain says none: our own default
OVERRIDING = 1000  # above every level
TOP = 99  # the level the web pages give to what they call an override


def headers(key: str) -> dict[str, str]:
    """What every request carries."""
    return {"authorization": key}


def take(asking: Asking, *, since: dt.datetime, until: dt.datetime) -> dict[str, Any]:
    """Ask for everything, as one object that could have been a file as well."""
    schedules = []
    for row in _rows(asking, "/api/v1/schedules/"):
        place = f"/api/v1/schedules/{asking.part(row.get('id'))}"
        final = list(_rows(asking, f"{place}/final_shifts?start_date={since:%Y-%m-%d}&end_date={until:%Y-%m-%d}"))
        schedules.append({**row, "final_shifts": final})
    return {
        "users": list(_rows(asking, "/api/v1/users/")),
        "schedules": schedules,
        "on_call_shifts": list(_rows(asking, "/api/v1/on_call_shifts/")),
        "escalation_chains": list(_rows(asking, "/api/v1/escalation_chains/")),
        "escalation_policies": list(_rows(asking, "/api/v1/escalation_policies/")),
    }


def _rows(asking: Asking, path: str) -> Iterator[dict[str, Any]]:
    """All pages of a list: `next` is the address of the next one."""
    seen: set[str] = set()
    while path and path not in seen:
        seen.add(path)
        page = asking.one(path)
        yield from asking.rows(page, "results")
        path = asking.within(page.get("next"))


def read(body: Fields, *, since: dt.datetime, until: dt.datetime) -> Taken:
    """What it answered, as ours. Raises Unreadable when a row has no number or name to call it by."""
    events = {row.origin(): row for row in body.rows("on_call_shifts")}
    rotas, shifts = schedules(body, partial(_rota, events=events, since=since), _shifts)
    steps: dict[str, list[Fields]] = {}
    for row in body.rows("escalation_policies"):
        steps.setdefault(row.origin("escalation_chain_id"), []).append(row)
    return Taken(
        people=tuple(_person(row) for row in body.rows("users")),
        rotas=rotas,
        policies=tuple(_policy(row, steps.get(row.origin(), [])) for row in body.rows("escalation_chains")),
        services=(), shifts=shifts, since=since, until=until,
    )  # fmt: skip


def _person(row: Fields) -> Person:
    origin, name = row.origin(), row.text("username")
    try:
        mail = row.mail("email")
        access = "stakeholder" if row.text("role", "").lower() in ("viewer", "none") else "responder"
        return Person(origin, name, mail, row.text("timezone", ""), access, (Way("mail", mail),))
    except Unreadable as wrong:
        return Person(origin, name, "", cannot=wrong.why)


def _rota(row: Fields, origin: str, name: str, events: Mapping[str, Fields], *, since: dt.datetime) -> Rota:
    """A schedule: its own shifts, or the calendar it follows, and a calendar of overrides above them."""
    zone, told = row.zone("time_zone", "UTC"), row.has("final_shifts")
    found: list[Turns] = []
    covers: list[Cover] = []
    singles: list[Fields] = []
    for level, field in ((OVERRIDING, "ical_url_overrides"), (0, "ical_url_primary")):
        if row.text(field, ""):
            try:
                check_url(row.text(field))
            except Unreachable as error:
                why = say(_("follows a calendar we can’t: {why}"), why=str(error))
                return Rota(origin, name, zone, (), (), told, why)
            found.append(Turns((), dt.time(0), since.date(), zone, calendar=row.text(field), level=level))
    for number in row.origins("shifts"):
        if number not in events:
            return Rota(origin, name, zone, (), (), told, say(_("has the shift {n}, which was not read"), n=number))
        event = events[number]
        if event.text("type") in ("single_event", "override"):
            singles.append(event)
            continue
        turns = _turns(event, zone, since=since)
        if isinstance(turns, Say):
            return Rota(origin, name, zone, (), (), told, turns)
        found += turns
    highest = max((turns.level for turns in found), default=-1)
    for event in singles:
        cover = _cover(event, zone, above=highest)
        if isinstance(cover, Say) and not _is_over(event, zone, since=since):
            return Rota(origin, name, zone, (), (), told, cover)
        covers += [cover] if isinstance(cover, Cover) else []
    found.sort(key=lambda turns: -turns.level)
    # Overrides are shifts of the schedule; what is kept in a calendar of its own is a layer instead.
    until = EVER if row.has("shifts") else None
    return Rota(origin, name, zone, tuple(found), tuple(covers), told, covers_until=until)


def _level(event: Fields) -> int:
    return TOP if event.text("type") == "override" else event.number("level", 0, most=TOP)


def _span(event: Fields, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """From when until when one coming lasts, in UTC: its start is a wall time of its zone or the schedule's."""
    start = event.wall("start").replace(tzinfo=ZoneInfo(event.zone("time_zone", zone))).astimezone(dt.UTC)
    return start, start + dt.timedelta(seconds=event.number("duration", least=1, most=366 * 86400))


def _is_over(event: Fields, zone: str, *, since: dt.datetime) -> bool:
    return _span(event, zone)[1] <= since


def _cover(event: Fields, zone: str, *, above: int) -> Cover | Say:
    """An event that comes once takes over for a while: here that beats every layer."""
    people = [person for group in event.groups("rolling_users") for person in group] or event.origins("users")
    if len(people) != 1:
        return say(_("shift ‘{layer}’ has {n} on call at once; here it is one"), layer=event.text("name", ""),
                   n=len(people))  # fmt: skip
    if _level(event) <= above and event.text("type") != "override":
        text = _("shift ‘{layer}’ comes once, below or beside others; here it would be above them")
        return say(text, layer=event.text("name", ""))
    starts, ends = _span(event, zone)
    return Cover(event.origin(), people[0], starts, ends)


def _turns(event: Fields, zone: str, *, since: dt.datetime) -> list[Turns] | Say:
    """A shift that comes back as our layer, or why it can't be said; none when it has ended."""
    name = event.text("name", "")
    groups = event.groups("rolling_users") or [[person] for person in event.origins("users")]
    rolling = event.text("type") == "rolling_users"
    if not rolling and len(groups) > 1:
        groups = [[person for group in groups for person in group]]
    if any(len(group) != 1 for group in groups) or not groups:
        n = max((len(group) for group in groups), default=0)
        return say(_("shift ‘{layer}’ has {n} on call at once; here it is one"), layer=name, n=n)
    if event.any_in("by_month") or event.any_in("by_monthday"):
        return say(_("shift ‘{layer}’ comes in certain months or on days of the month"), layer=name)
    first = event.number("start_rotation_from_user_index", 0, most=10**4) % len(groups) if rolling else 0
    people = [group[0] for group in groups[first:] + groups[:first]]
    own_zone = event.zone("time_zone", zone)
    return turns_of(
        Coming(
            name=name, people=tuple(people), zone=own_zone, start=event.wall("start"),
            minutes=_minutes(event), frequency=event.text("frequency"),
            interval=event.number("interval", 1, least=1, most=8760), days=tuple(event.origins("by_day")),
            week_start=event.text("week_start", "SU"), level=_level(event),
            shown_from=event.wall("rotation_start") if event.has("rotation_start") else event.wall("start"),
            until=_until(event, own_zone),
        ),
        now=since.astimezone(ZoneInfo(own_zone)).replace(tzinfo=None),
    )  # fmt: skip


def _minutes(event: Fields) -> int:
    seconds = event.number("duration", least=1, most=366 * 86400)
    if seconds % 60:
        raise Unreadable(say(_("{place} is no whole minute"), place=event.path("duration")))
    return seconds // 60


def _until(event: Fields, zone: str) -> dt.datetime | None:
    """The last instant at which it may still begin, as a wall time: it is told in UTC."""
    if not event.has("until"):
        return None
    return event.wall("until").replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _shifts(row: Fields, origin: str) -> Iterator[Shift]:
    for one in row.rows("final_shifts"):
        yield Shift(
            origin, one.origin("user_pk"), one.text("user_username", ""), one.instant("shift_start"),
            one.instant("shift_end"),
        )  # fmt: skip


def _policy(chain: Fields, steps: Sequence[Fields]) -> Policy:
    origin, name = chain.origin(), chain.text("name")
    try:
        calls = _calls(sorted(steps, key=lambda step: step.number("position", 0)))
    except Unreadable as wrong:
        calls = wrong.why
    return Policy(origin, name, cannot=calls) if isinstance(calls, Say) else Policy(origin, name, calls)


def _calls(steps: Sequence[Fields]) -> tuple[Call, ...] | Say:
    """The chain as steps, or why it can't be said. Those between whom no wait stands are paged at once."""
    calls: list[Call] = []
    for number, step in enumerate(steps, 1):
        kind = step.text("type", "")
        if kind == "wait":
            seconds = step.number("duration", most=10**6)
            if not calls:
                return say(_("waits before it pages anybody; here the first step runs at once"))
            if seconds % 60:
                return say(_("{place} is no whole minute"), place=step.path("duration"))
            calls[-1] = replace(calls[-1], wait=calls[-1].wait + seconds // 60)
            continue
        paged = _paged(step, kind, number)
        if isinstance(paged, Say):
            return paged
        calls += paged
    if calls and not calls[-1].wait:
        calls[-1] = replace(calls[-1], wait=LAST_WAIT)
    return tuple(calls)


def _paged(step: Fields, kind: str, number: int) -> list[Call] | Say:
    if kind == "notify_on_call_from_schedule":
        return [Call("schedule", step.origin("notify_on_call_from_schedule"), 0)]
    people = step.origins("persons_to_notify") if kind == "notify_persons" else []
    if people:
        return [Call("person", person, 0) for person in people]
    return say(_("step {step} is ‘{kind}’, which no step here does"), step=number, kind=kind or "–")
