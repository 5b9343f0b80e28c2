"""Opsgenie's REST API: users with contacts, schedules with rotations, overrides and timeline, escalations, services.

The shape is that of Opsgenie's own Go client (opsgenie-go-sdk-v2: og/entity.go, schedule/, contact/, escalation/,
service/). All rotations that hold at an instant are notified there, so two that meet can't be one schedule here. A
rule's delay counts from the alert, ours from the step before: rules of one delay are paged at once, by both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.moving.asking import Asking
from firstcall.ready.moving.fields import EVER, Fields, Unreadable, mail_of, phone_of, schedules, service
from firstcall.ready.rules.taken import Call, Cover, Person, Policy, Rota, Shift, Taken, Way
from firstcall.ready.rules.turns import MINUTES, WEEK, Turns, within_day, within_week
from firstcall.ready.rules.window import Window

PAGE = 100
WAYS = {"email": "mail", "sms": "phone", "voice": "phone"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"minutes": 1, "hours": 60, "days": MINUTES}
LAST_WAIT = 5  # minutes after the last step: it says none, this is our own default
LONGEST_RUN = 50  # steps, all rounds together


def headers(key: str) -> dict[str, str]:
    """What every request carries."""
    return {"authorization": f"GenieKey {key}"}


def take(asking: Asking, *, since: dt.datetime, until: dt.datetime) -> dict[str, Any]:
    """Ask for everything, as one object that could have been a file as well."""
    users, schedules = [], []
    for row in _rows(asking, f"/v2/users?limit={PAGE}"):
        contacts = asking.one(f"/v2/users/{asking.part(row.get('id'))}/contacts", may_fail=True)
        users.append({**row, "contacts": contacts.get("data")})
    days = (until - since).days
    for row in _rows(asking, "/v2/schedules?expand=rotation"):
        place = f"/v2/schedules/{asking.part(row.get('id'))}"
        line = asking.one(
            f"{place}/timeline?interval={days}&intervalUnit=days&date={asking.part(f'{since:%Y-%m-%dT%H:%M:%SZ}')}"
        )
        overrides = asking.one(f"{place}/overrides")
        schedules.append({**row, "overrides": overrides.get("data"), "timeline": line.get("data")})
    return {
        "users": users,
        "schedules": schedules,
        "escalations": list(_rows(asking, "/v2/escalations")),
        "services": list(_rows(asking, f"/v1/services?limit={PAGE}", may_fail=True)),
        "unread": asking.unread,
    }


def _rows(asking: Asking, path: str, *, may_fail: bool = False) -> Iterator[dict[str, Any]]:
    """All pages of a list: `paging.next` is the address of the next one."""
    seen: set[str] = set()
    while path and path not in seen:
        seen.add(path)
        page = asking.one(path, may_fail=may_fail)
        yield from asking.rows(page, "data")
        paging = page.get("paging")
        path = asking.within(paging.get("next")) if isinstance(paging, dict) else ""


def read(body: Fields, *, since: dt.datetime, until: dt.datetime) -> Taken:
    """What it answered, as ours. Raises Unreadable when a row has no number or name to call it by."""
    rotas, shifts = schedules(body, partial(_rota, since=since), _shifts)
    return Taken(
        people=tuple(_person(row) for row in body.rows("users")),
        rotas=rotas,
        policies=tuple(_policy(row) for row in body.rows("escalations")),
        services=tuple(service(row) for row in body.rows("services")),
        shifts=shifts, since=since, until=until, unread=tuple(dict.fromkeys(body.origins("unread"))),
    )  # fmt: skip


def _person(row: Fields) -> Person:
    origin, name = row.origin(), row.text("fullName", "") or row.text("username")
    try:
        role = row.one("role").text("name", "").lower() if row.has("role") else ""
        mail = row.mail("username")
        if row.yes("blocked", False):
            return Person(origin, name, mail, cannot=say(_("is blocked there")))
        access = "stakeholder" if role in ("stakeholder", "observer") else "responder"
        ways = tuple(_way(way) for way in row.rows("contacts"))
        return Person(origin, name, mail, row.text("timeZone", ""), access, ways)
    except Unreadable as wrong:
        return Person(origin, name, "", cannot=wrong.why)


def _way(row: Fields) -> Way:
    kind, address = row.text("method"), row.text("to", "")
    ours = WAYS.get(kind, kind)
    if ours == "mail":
        return Way(ours, mail_of(address))
    return Way(ours, phone_of(address) if ours == "phone" else "")


def _rota(row: Fields, origin: str, name: str, *, since: dt.datetime) -> Rota:
    zone, told = row.zone("timezone"), row.has("timeline")
    rotations = list(row.rows("rotations"))
    covers = tuple(_cover(cover, len(rotations)) for cover in row.rows("overrides"))
    until = EVER if row.has("overrides") else None
    if not row.yes("enabled", True):
        return Rota(origin, name, zone, (), covers, told, say(_("is switched off there")), until)
    found: list[Turns] = []
    for rotation in rotations:
        if rotation.has("endDate") and rotation.instant("endDate") <= since:
            continue
        turns = _turns(rotation, zone)
        if isinstance(turns, Say):
            return Rota(origin, name, zone, (), covers, told, turns, until)
        found.append(turns)
    return Rota(origin, name, zone, tuple(found), covers, told, covers_until=until)


def _turns(rotation: Fields, zone: str) -> Turns | Say:
    """A rotation as our layer, or why it can't be said."""
    name, members = rotation.text("name", ""), []
    for one in rotation.rows("participants"):
        if one.text("type") != "user":
            return say(_("rotation ‘{layer}’ has a {kind} in it; here only people take turns"), layer=name,
                       kind=one.text("type"))  # fmt: skip
        members.append(one.origin())
    if not members:
        return say(_("rotation ‘{layer}’ has nobody in it"), layer=name)
    kind, length = rotation.text("type"), rotation.number("length", 1, least=1, most=8760)
    days = {"daily": length, "weekly": 7 * length, "hourly": 1}.get(kind, 0)
    if not 1 <= days <= 365:
        return say(_("rotation ‘{layer}’ has turns of a length we don’t know ({kind})"), layer=name, kind=kind)
    windows = _windows(rotation)
    if isinstance(windows, Say):
        return windows
    local = rotation.instant("startDate").astimezone(ZoneInfo(zone))
    until = None
    if rotation.has("endDate"):
        ends = rotation.instant("endDate").astimezone(ZoneInfo(zone))
        if ends.time() != local.time():
            return say(_("rotation ‘{layer}’ ends at another hour than it is handed over"), layer=name)
        until = ends.date()
    return Turns(
        tuple(members), local.time(), local.date(), zone, days, length if kind == "hourly" else 0, name[:120], until,
        windows,
    )  # fmt: skip


def _windows(rotation: Fields) -> tuple[Window, ...] | Say:
    """The hours in which it counts; none: always. A span of several days is one span there, nights and all."""
    if not rotation.has("timeRestriction"):
        return ()
    limits = rotation.one("timeRestriction")
    rows = [limits.one("restriction")] if limits.has("restriction") else list(limits.rows("restrictions"))
    found: list[Window] = []
    for row in rows:
        start = dt.time(row.number("startHour", most=23), row.number("startMin", 0, most=59))
        end = row.number("endHour", most=24) % 24 * 60 + row.number("endMin", 0, most=59)
        minutes = (end - start.hour * 60 - start.minute) % MINUTES
        if limits.text("type") == "time-of-day":
            windows = within_day(start, minutes or MINUTES)
        else:
            first, last = (_day(row, name) for name in ("startDay", "endDay"))
            spanned = ((last - first) * MINUTES + end - start.hour * 60 - start.minute) % WEEK
            windows = within_week(first, start, spanned or WEEK)
        if not windows:
            return ()
        found += windows
    return tuple(found)


def _day(row: Fields, name: str) -> int:
    word = row.text(name).lower()
    if word not in DAYS:
        raise Unreadable(say(_("{place} is no day of the week"), place=row.path(name)))
    return DAYS.index(word) + 1


def _cover(row: Fields, rotations: int) -> Cover:
    user, starts, ends = row.one("user"), row.instant("startDate"), row.instant("endDate")
    cannot = None
    if user.text("type", "user") != "user":
        cannot = say(_("puts a {kind} on call; here only people"), kind=user.text("type"))
    elif len(list(row.rows("rotations"))) not in (0, rotations):
        cannot = say(_("takes over in some rotations only; here somebody takes over the whole schedule"))
    return Cover(row.origin("alias"), user.origin(), starts, ends, cannot)


def _shifts(row: Fields, origin: str) -> Iterator[Shift]:
    """The final timeline. Several rotations may have somebody at the same instant."""
    if not row.has("timeline") or not row.one("timeline").has("finalTimeline"):
        return
    for rotation in row.one("timeline").one("finalTimeline").rows("rotations"):
        for period in rotation.rows("periods"):
            if period.has("recipient") and period.one("recipient").text("type", "user") == "user":
                who = period.one("recipient")
                yield Shift(
                    origin, who.origin(), who.text("name", ""), period.instant("startDate"), period.instant("endDate")
                )


def _policy(row: Fields) -> Policy:
    origin, name = row.origin(), row.text("name")
    try:
        calls = _calls(row)
    except Unreadable as wrong:
        calls = wrong.why
    return Policy(origin, name, cannot=calls) if isinstance(calls, Say) else Policy(origin, name, calls)


def _calls(row: Fields) -> tuple[Call, ...] | Say:
    """The rules as steps, each round written out; or why they can't be said."""
    rules = sorted(((_delay(rule), rule) for rule in row.rows("rules")), key=lambda pair: pair[0])
    for number, (_at, rule) in enumerate(rules, 1):
        if cannot := _foreign(rule, number):
            return cannot
    delays = [at for at, _rule in rules]
    if delays and delays[0]:
        return say(_("pages first after {n} minutes; here the first step runs at once"), n=delays[0])
    repeat = row.one("repeat") if row.has("repeat") else Fields({})
    pause, count = repeat.number("waitInterval", 0, most=10**6), repeat.number("count", 0, most=100)
    if repeat.yes("closeAlertAfterAll", False):
        return say(_("closes the alert when nobody answers; here it stays open"))
    waits = [after - before for before, after in pairwise(delays)] + [pause or LAST_WAIT]
    rounds = 1 + (count if pause else 0)
    if len(rules) * rounds > LONGEST_RUN:
        return say(_("goes round {n} times, which is too long a path here"), n=rounds)
    once = []
    for wait, (_at, rule) in zip(waits, rules, strict=False):
        who = rule.one("recipient")
        once.append(Call("person" if who.text("type") == "user" else "schedule", who.origin(), wait))
    return tuple(once) * rounds


def _delay(rule: Fields) -> int:
    if not rule.has("delay"):
        return 0
    unit = rule.one("delay").text("timeUnit", "minutes").lower()
    if unit not in UNITS:
        raise Unreadable(say(_("{place} is no unit of time"), place=rule.one("delay").path("timeUnit")))
    return rule.one("delay").number("timeAmount", 0, most=10**5) * UNITS[unit]


def _foreign(rule: Fields, number: int) -> Say | None:
    """What a rule does that no step of ours does."""
    if rule.text("condition", "if-not-acked") != "if-not-acked":
        return say(_("step {step} pages on after somebody has answered; here an answer ends it"), step=number)
    kind = rule.text("notifyType", "default")
    if kind != "default":
        return say(_("step {step} pages ‘{kind}’; here a step pages who is on call"), step=number, kind=kind)
    kind = rule.one("recipient").text("type")
    if kind not in ("user", "schedule"):
        return say(_("step {step} pages a {kind}, which is nobody here"), step=number, kind=kind)
    return None
