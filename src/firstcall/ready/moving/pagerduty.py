"""PagerDuty's REST API v2: users, schedules, escalation policies and services.

The shape is that of PagerDuty's own Go client (go-pagerduty: user.go, schedule.go, escalation_policy.go, service.go).
A schedule's layers come with the highest first, which wins as ours does; a turn is a number of seconds, handed over at
the wall time of `rotation_virtual_start` in the schedule's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.moving.asking import Asking
from firstcall.ready.moving.fields import Fields, Unreadable, mail_of, phone_of, schedules, service
from firstcall.ready.rules.taken import Call, Cover, Person, Policy, Rota, Shift, Taken, Way
from firstcall.ready.rules.turns import Turns, within_day, within_week
from firstcall.ready.rules.window import Window

PAGE = 100
OVERRIDES_AHEAD = dt.timedelta(days=90)
WAYS = {"email_contact_method": "mail", "phone_contact_method": "phone", "sms_contact_method": "phone"}
READERS = ("read_only_user", "read_only_limited_user", "observer", "restricted_access")
LONGEST_RUN = 50  # steps, all rounds together


def headers(key: str) -> dict[str, str]:
    """What every request carries."""
    return {"authorization": f"Token token={key}", "accept": "application/vnd.pagerduty+json;version=2"}


def take(asking: Asking, *, since: dt.datetime, until: dt.datetime) -> dict[str, Any]:
    """Ask for everything, as one object that could have been a file as well."""
    span = f"since={since:%Y-%m-%dT%H:%M:%SZ}&until="
    schedules = []
    for row in _rows(asking, "/schedules", "schedules"):
        place = f"/schedules/{asking.part(row.get('id'))}"
        whole = asking.one(f"{place}?{span}{until:%Y-%m-%dT%H:%M:%SZ}").get("schedule")
        overrides = asking.one(f"{place}/overrides?{span}{since + OVERRIDES_AHEAD:%Y-%m-%dT%H:%M:%SZ}&overflow=true")
        schedules.append({**(whole if isinstance(whole, dict) else {}), "overrides": overrides.get("overrides")})
    return {
        "users": list(_rows(asking, "/users", "users", "include[]=contact_methods&")),
        "schedules": schedules,
        "escalation_policies": list(_rows(asking, "/escalation_policies", "escalation_policies")),
        "services": list(_rows(asking, "/services", "services")),
    }


def _rows(asking: Asking, path: str, name: str, more: str = "") -> Iterator[dict[str, Any]]:
    """All pages of a list: `more` says that there is another one at `offset` plus `limit`."""
    offset = 0
    while True:
        page = asking.one(f"{path}?{more}limit={PAGE}&offset={offset}")
        yield from asking.rows(page, name)
        if page.get("more") is not True:
            return
        offset += PAGE


def read(body: Fields, *, since: dt.datetime, until: dt.datetime) -> Taken:
    """What it answered, as ours. Raises Unreadable when a row has no number or name to call it by."""
    rotas, shifts = schedules(body, partial(_rota, since=since), _shifts)
    return Taken(
        people=tuple(_person(row) for row in body.rows("users")),
        rotas=rotas,
        policies=tuple(_policy(row) for row in body.rows("escalation_policies")),
        services=tuple(service(row, path=_path(row)) for row in body.rows("services")),
        shifts=shifts, since=since, until=until,
    )  # fmt: skip


def _path(row: Fields) -> str:
    return row.one("escalation_policy").text("summary", "") if row.has("escalation_policy") else ""


def _person(row: Fields) -> Person:
    origin, name = row.origin(), row.text("name")
    try:
        mail, ways = row.mail("email"), [_way(way) for way in row.rows("contact_methods")]
        access = "stakeholder" if row.text("role", "") in READERS else "responder"
        return Person(origin, name, mail, row.text("time_zone", ""), access, tuple(ways))
    except Unreadable as wrong:
        return Person(origin, name, "", cannot=wrong.why)


def _way(row: Fields) -> Way:
    kind = row.text("type")
    ours = WAYS.get(kind.removesuffix("_reference"))
    if ours == "mail":
        return Way(ours, mail_of(row.text("address", "")))
    if ours == "phone":
        address = row.text("address", "")
        return Way(ours, phone_of(f"{row.number('country_code', 1, most=999)}{address}" if address else ""))
    return Way(kind.partition("_")[0], row.text("label", "") or row.text("summary", ""))


def _rota(row: Fields, origin: str, name: str, *, since: dt.datetime) -> Rota:
    zone = row.zone("time_zone")
    told = row.has("final_schedule")
    covers = tuple(_cover(cover) for cover in row.rows("overrides"))
    until = since + OVERRIDES_AHEAD if row.has("overrides") else None
    found: list[Turns] = []
    for number, layer in enumerate(row.rows("schedule_layers")):
        if layer.has("end") and layer.instant("end") <= since:
            continue
        turns = _turns(layer, zone, since=since, level=-number)
        if isinstance(turns, Say):
            return Rota(origin, name, zone, (), covers, told, turns, until)
        found.append(turns)
    return Rota(origin, name, zone, tuple(found), covers, told, covers_until=until)


def _turns(layer: Fields, zone: str, *, since: dt.datetime, level: int) -> Turns | Say:
    """A layer as ours, or why it can't be said."""
    name = layer.text("name", "")
    first, starts = layer.instant("rotation_virtual_start"), layer.instant("start")
    seconds = layer.number("rotation_turn_length_seconds", least=1, most=365 * 86400)
    members = tuple(user.one("user").origin() for user in layer.rows("users"))
    if not members:
        return say(_("layer ‘{layer}’ has nobody in it"), layer=name)
    if seconds % 3600:
        text = _("layer ‘{layer}’ has turns of {n} minutes; here they are of whole hours")
        return say(text, layer=name, n=round(seconds / 60))
    if starts > since and starts != first:
        return say(_("layer ‘{layer}’ begins later, in the middle of its rotation"), layer=name)
    windows = _windows(layer, name)
    if isinstance(windows, Say):
        return windows
    local = first.astimezone(ZoneInfo(zone))
    turns = Turns(
        members, local.time(), local.date(), zone, name=name[:120], windows=windows, level=level,
        length_days=seconds // 86400 if seconds % 86400 == 0 else 1,
        length_hours=0 if seconds % 86400 == 0 else seconds // 3600,
    )  # fmt: skip
    if not layer.has("end"):
        return turns
    ends = layer.instant("end").astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if ends.time() != turns.handover:
        return say(_("layer ‘{layer}’ ends at another hour than it is handed over"), layer=name)
    return replace(turns, until=ends.date())


def _windows(layer: Fields, name: str) -> tuple[Window, ...] | Say:
    """The hours in which a layer counts; none: always."""
    found: list[Window] = []
    for row in layer.rows("restrictions"):
        seconds, start = row.number("duration_seconds", least=1, most=7 * 86400), row.clock("start_time_of_day")
        if row.text("type") == "weekly_restriction":
            day = row.number("start_day_of_week", least=1, most=7)
            windows = None if seconds % 60 else within_week(day, start, seconds // 60)
        else:
            windows = None if seconds % 60 else within_day(start, seconds // 60)
        if windows is None:
            return say(
                _("layer ‘{layer}’ counts for {n} seconds at a time, which our hours can’t say"), layer=name, n=seconds
            )
        if not windows:
            return ()
        found += windows
    return tuple(found)


def _cover(row: Fields) -> Cover:
    user = row.one("user").origin()
    starts, ends = row.instant("start"), row.instant("end")
    return Cover(row.text("id", "") or f"{user}:{starts.isoformat()}", user, starts, ends)


def _shifts(row: Fields, origin: str) -> Iterator[Shift]:
    """The final schedule: every override and layer already laid over each other."""
    if row.has("final_schedule"):
        for entry in row.one("final_schedule").rows("rendered_schedule_entries"):
            user = entry.one("user")
            yield Shift(origin, user.origin(), user.text("summary", ""), entry.instant("start"), entry.instant("end"))


def _policy(row: Fields) -> Policy:
    origin, name = row.origin(), row.text("name")
    try:
        calls = [call for number, rule in enumerate(row.rows("escalation_rules"), 1) for call in _calls(rule, number)]
        rounds = row.number("num_loops", 0, most=100) + 1
    except Unreadable as wrong:
        return Policy(origin, name, cannot=wrong.why)
    for call in calls:
        if isinstance(call, Say):
            return Policy(origin, name, cannot=call)
    if len(calls) * rounds > LONGEST_RUN:
        return Policy(origin, name, cannot=say(_("goes round {n} times, which is too long a path here"), n=rounds))
    # Going round again is the same as the steps written out once more.
    return Policy(origin, name, tuple(call for call in calls if isinstance(call, Call)) * rounds)


def _calls(rule: Fields, number: int) -> Iterator[Call | Say]:
    """A rule as steps that are paged at once, or why it can't be said."""
    targets = list(rule.rows("targets"))
    wait = rule.number("escalation_delay_in_minutes", most=10**6)
    if not targets:
        yield say(_("step {step} pages nobody"), step=number)
    if not wait:
        yield say(_("waits {n} minutes for an answer; here it is 1 to 240"), n=wait)
    for place, target in enumerate(targets, 1):
        kind, origin = target.text("type").removesuffix("_reference"), target.origin()
        if kind not in ("user", "schedule"):
            yield say(_("step {step} pages a {kind}, which is nobody here"), step=number, kind=kind)
        yield Call("person" if kind == "user" else "schedule", origin, wait if place == len(targets) else 0)
