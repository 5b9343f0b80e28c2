"""Each system's answers as ours: what can be said is said exactly, what can't fails with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from firstcall.kernel.say import plain
from firstcall.ready.rules.moving import Here, decide_moves
from firstcall.ready.rules.taken import Call, Way
from firstcall.ready.rules.window import EVERY_DAY
from firstcall.ready.tests.others import (
    FIVE,
    MIDNIGHT,
    NINE,
    NOW,
    og_rotation,
    og_rule,
    og_schedule,
    on,
    pd_layer,
    pd_policy,
    pd_schedule,
    read,
    rota,
    weeks,
    whole,
)


@pytest.mark.parametrize(("system", "letter", "name"), [("pagerduty", "P", "Layer 1"), ("opsgenie", "u", "Rota"),
                                                        ("oncall", "U", "Weeks")])  # fmt: skip
def test_the_same_company_comes_out_of_all_three(system: str, letter: str, name: str) -> None:
    found = read(system)
    ada = found.people[0]
    assert (ada.name, ada.mail, ada.zone, ada.access) == ("Ada", "ada@example.com", "Europe/Berlin", "responder")
    (one,) = found.rotas
    assert (one.name, one.zone, one.told, one.cannot) == ("Primary", "Europe/Berlin", True, None)
    level = 1 if system == "oncall" else 0
    assert one.turns == (weeks(f"{letter}Ada", f"{letter}Ben", name=name, level=level),)
    ahead = NOW + dt.timedelta(days=90)
    assert one.covers_until is not None and one.covers_until >= ahead
    assert (one.covers_until == ahead) == (system == "pagerduty")
    (cover,) = one.covers
    assert (cover.person, cover.starts, cover.ends) == (
        f"{letter}Cleo", dt.datetime(2026, 11, 25, 18, tzinfo=dt.UTC), dt.datetime(2026, 11, 26, 6, tzinfo=dt.UTC),
    )  # fmt: skip
    assert [(shift.rota, shift.person) for shift in found.shifts] == [
        (one.origin, f"{letter}{who}") for who in ("Ada", "Ben", "Cleo", "Ben", "Ada")
    ]
    schedule, cleo = Call("schedule", one.origin, 10), Call("person", f"{letter}Cleo", 15)
    rounds = 1 if system == "oncall" else 2
    assert found.policies[0].calls == (schedule, cleo) * rounds
    assert [service.name for service in found.services] == ([] if system == "oncall" else ["Checkout"])
    assert {line.what for line in decide_moves(found, Here(), now=NOW) if line.noun != "way"} == {"made"}


def test_ways_are_numbers_with_their_country_and_never_a_device() -> None:
    mail, phone = Way("mail", "ada@example.com"), Way("phone", "+49305550000")
    assert read("pagerduty").people[0].ways == (mail, phone, phone, Way("push", "Phone"))
    assert read("opsgenie").people[0].ways == (mail, phone, Way("mobile", ""))
    assert read("oncall").people[0].ways == (mail,)


@pytest.mark.parametrize(
    ("system", "change", "access"),
    [
        ("pagerduty", {"role": "owner"}, "responder"), ("pagerduty", {"role": "read_only_user"}, "stakeholder"),
        ("opsgenie", {"role": {"name": "Owner"}}, "responder"),
        ("opsgenie", {"role": {"name": "Stakeholder"}}, "stakeholder"),
        ("oncall", {"role": "admin"}, "responder"), ("oncall", {"role": "viewer"}, "stakeholder"),
    ],
)  # fmt: skip
def test_nobody_becomes_an_admin_by_moving_in(system: str, change: dict[str, Any], access: str) -> None:
    row = {**whole(system)["users"][0], **change}
    assert read(system, users=[row]).people[0].access == access


def daily(start: str, seconds: int) -> dict[str, Any]:
    return {"type": "daily_restriction", "start_time_of_day": start, "duration_seconds": seconds}


def weekly(day: int, start: str, seconds: int) -> dict[str, Any]:
    return {**daily(start, seconds), "type": "weekly_restriction", "start_day_of_week": day}


PD_GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"rotation_turn_length_seconds": 86400}, {"length_days": 1}),
    ({"rotation_turn_length_seconds": 12 * 3600}, {"length_days": 1, "length_hours": 12}),
    ({"rotation_turn_length_seconds": 36 * 3600}, {"length_days": 1, "length_hours": 36}),
    ({"end": "2026-12-07T09:00:00+01:00"}, {"until": dt.date(2026, 12, 7)}),
    ({"restrictions": [daily("09:00:00", 8 * 3600)]}, {"windows": on(EVERY_DAY, NINE, FIVE)}),
    ({"restrictions": [daily("09:00:00", 86400)]}, {}),
    ({"restrictions": [weekly(7, "17:00:00", 16 * 3600)]}, {"windows": on(frozenset({7}), FIVE, NINE)}),
    ({"start": "2026-11-04T10:00:00+01:00"}, {}),
    # Summer time in the virtual start: the hand-over is at nine by the clock on the wall all year.
    ({"rotation_virtual_start": "2026-10-05T09:00:00+02:00"}, {"starts": dt.date(2026, 10, 5)}),
]
PD_BAD: list[tuple[dict[str, Any], str]] = [
    ({"rotation_turn_length_seconds": 5400},
     "layer ‘Layer 1’ has turns of 90 minutes; here they are of whole hours"),
    ({"users": []}, "layer ‘Layer 1’ has nobody in it"),
    ({"start": "2026-12-01T09:00:00+01:00"}, "layer ‘Layer 1’ begins later, in the middle of its rotation"),
    ({"end": "2026-12-07T12:00:00+01:00"}, "layer ‘Layer 1’ ends at another hour than it is handed over"),
    ({"restrictions": [daily("09:00:00", 86401)]},
     "layer ‘Layer 1’ counts for 86401 seconds at a time, which our hours can’t say"),
    ({"restrictions": [daily("09:00:30", 3600)]},
     "schedules[0].schedule_layers[0].restrictions[0].start_time_of_day is no whole minute"),
    ({"restrictions": [weekly(0, "09:00:00", 3600)]},
     "schedules[0].schedule_layers[0].restrictions[0].start_day_of_week is not from 1 to 7"),
    ({"rotation_virtual_start": "soon"},
     "schedules[0].schedule_layers[0].rotation_virtual_start is no date and time"),
    ({"rotation_virtual_start": "1999-01-04T09:00:00Z"},
     "schedules[0].schedule_layers[0].rotation_virtual_start is not between 2000 and 2200"),
    ({"users": [{"user": {"id": 7}}]}, "schedules[0].schedule_layers[0].users[0].user.id is not text"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), PD_GOOD)
def test_layers_of_pagerduty(change: dict[str, Any], expected: dict[str, Any]) -> None:
    found = rota("pagerduty", schedules=[pd_schedule(pd_layer(**change))])
    assert (found.cannot, found.turns) == (None, (weeks("PAda", "PBen", name="Layer 1", **expected),))


@pytest.mark.parametrize(("change", "reason"), PD_BAD)
def test_layers_of_pagerduty_that_ours_can_not_say(change: dict[str, Any], reason: str) -> None:
    found = rota("pagerduty", schedules=[pd_schedule(pd_layer(**change))])
    assert found.cannot is not None and plain(found.cannot) == reason
    assert found.turns == ()


def test_the_first_layer_of_pagerduty_wins_and_one_that_has_ended_is_none() -> None:
    gone = pd_layer("PCleo", end="2026-11-10T09:00:00+01:00")
    found = rota("pagerduty", schedules=[pd_schedule(pd_layer("PBen"), gone, pd_layer("PAda"))])
    assert [(turns.members, turns.level) for turns in found.turns] == [(("PBen",), 0), (("PAda",), -2)]
    assert {line.what for line in decide_moves(read("pagerduty"), Here(), now=NOW) if line.noun == "schedule"} == {
        "made"
    }


def test_a_step_of_pagerduty_that_pages_several_pages_them_at_once_here() -> None:
    policy = pd_policy((5, [("user", "PAda"), ("schedule", "S1")]), (9, [("user", "PBen")]))
    (found,) = read("pagerduty", escalation_policies=[policy]).policies
    assert found.calls == (Call("person", "PAda", 0), Call("schedule", "S1", 5), Call("person", "PBen", 9))
    (line,) = [one for one in decide_moves(read("pagerduty", escalation_policies=[policy]), Here(), now=NOW)
               if one.noun == "path"]  # fmt: skip
    assert (line.what, plain(line.why)) == ("made", "2 steps; no flow goes along it yet")


POLICIES: list[tuple[dict[str, Any], str]] = [
    (pd_policy((5, [])), "step 1 pages nobody"),
    (pd_policy((0, [("user", "PAda")])), "waits 0 minutes for an answer; here it is 1 to 240"),
    (pd_policy((5, [("user", "PAda"), ("team", "T1")])), "step 1 pages a team, which is nobody here"),
    (pd_policy((5, [("team", "T1")])),
     "step 1 pages a team, which is nobody here"),
    (pd_policy(*[(5, [("user", "PAda")])] * 6, num_loops=9), "goes round 10 times, which is too long a path here"),
    (pd_policy((5, [("user", "PAda")]), num_loops="x"), "escalation_policies[0].num_loops is not a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "reason"), POLICIES)
def test_policies_of_pagerduty_that_no_path_can_say(policy: dict[str, Any], reason: str) -> None:
    (found,) = read("pagerduty", escalation_policies=[policy]).policies
    assert found.cannot is not None and plain(found.cannot) == reason


def limited(kind: str, *rows: dict[str, Any], key: str = "restrictions") -> dict[str, Any]:
    return {"timeRestriction": {"type": kind, key: list(rows) if key == "restrictions" else rows[0]}}


def hours(start: int, end: int, first: str = "", last: str = "") -> dict[str, Any]:
    days = {"startDay": first, "endDay": last} if first else {}
    return {"startHour": start, "startMin": 0, "endHour": end, "endMin": 0, **days}


OG_GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "daily", "length": 2}, {"length_days": 2}),
    ({"type": "hourly", "length": 12}, {"length_days": 1, "length_hours": 12}),
    ({"length": 2}, {"length_days": 14}),
    ({"endDate": "2026-12-07T08:00:00Z"}, {"until": dt.date(2026, 12, 7)}),
    (limited("time-of-day", hours(9, 17), key="restriction"), {"windows": on(EVERY_DAY, NINE, FIVE)}),
    (limited("time-of-day", hours(17, 9)), {"windows": on(EVERY_DAY, FIVE, NINE)}),
    (limited("time-of-day", hours(9, 9)), {}),
    (limited("weekday-and-time-of-day", *(hours(9, 17, day, day) for day in ("MONDAY", "friday"))),
     {"windows": on(frozenset({1}), NINE, FIVE) + on(frozenset({5}), NINE, FIVE)}),
    (limited("weekday-and-time-of-day", hours(17, 9, "friday", "monday")),
     {"windows": on(frozenset({5}), FIVE, MIDNIGHT) + on(frozenset({6, 7}), MIDNIGHT, MIDNIGHT)
      + on(frozenset({1}), MIDNIGHT, NINE)}),
]  # fmt: skip
OG_BAD: list[tuple[dict[str, Any], str]] = [
    ({"participants": [{"type": "team", "id": "t1"}]}, "rotation ‘Rota’ has a team in it; here only people take turns"),
    ({"participants": [{"type": "none"}]}, "rotation ‘Rota’ has a none in it; here only people take turns"),
    ({"participants": []}, "rotation ‘Rota’ has nobody in it"),
    ({"type": "monthly"}, "rotation ‘Rota’ has turns of a length we don’t know (monthly)"),
    ({"endDate": "2026-12-07T10:00:00Z"}, "rotation ‘Rota’ ends at another hour than it is handed over"),
    (limited("weekday-and-time-of-day", hours(9, 17, "someday", "friday")),
     "schedules[0].rotations[0].timeRestriction.restrictions[0].startDay is no day of the week"),
    ({"startDate": "2026-11-02"}, "schedules[0].rotations[0].startDate has no offset from UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), OG_GOOD)
def test_rotations_of_opsgenie(change: dict[str, Any], expected: dict[str, Any]) -> None:
    found = rota("opsgenie", schedules=[og_schedule(og_rotation(**change))])
    assert (found.cannot, found.turns) == (None, (weeks("uAda", "uBen", name="Rota", **expected),))


@pytest.mark.parametrize(("change", "reason"), OG_BAD)
def test_rotations_of_opsgenie_that_ours_can_not_say(change: dict[str, Any], reason: str) -> None:
    found = rota("opsgenie", schedules=[og_schedule(og_rotation(**change))])
    assert found.cannot is not None and plain(found.cannot) == reason


def test_rotations_of_opsgenie_that_meet_are_two_on_call_at_once() -> None:
    day = og_rotation("uAda", **limited("time-of-day", hours(9, 17)))
    night = og_rotation("uBen", **limited("time-of-day", hours(17, 9)))
    for other, what in ((night, "made"), (og_rotation("uBen"), "failed")):
        found = read("opsgenie", schedules=[og_schedule(day, other)])
        assert [line.what for line in decide_moves(found, Here(), now=NOW) if line.noun == "schedule"] == [what]


def test_what_is_switched_off_or_takes_over_in_part_is_said() -> None:
    found = rota("opsgenie", schedules=[og_schedule(enabled=False)])
    assert found.cannot is not None and plain(found.cannot) == "is switched off there"
    cover = {**whole("opsgenie")["schedules"][0]["overrides"][0]}
    two = [og_rotation("uAda"), og_rotation("uBen", id="r2")]
    part = rota("opsgenie", schedules=[og_schedule(*two, overrides=[cover])]).covers[0].cannot
    assert part is not None and plain(part).startswith("takes over in some rotations only")


OG_POLICIES: list[tuple[dict[str, Any], tuple[Call, ...] | str]] = [
    ({"rules": [og_rule(30, "user", "uBen"), og_rule(0, "user", "uAda")]},
     (Call("person", "uAda", 30), Call("person", "uBen", 5))),
    ({"rules": [og_rule(0, "user", "uAda"),
                {**og_rule(0, "user", "uBen"), "delay": {"timeAmount": 2, "timeUnit": "hours"}}]},
     (Call("person", "uAda", 120), Call("person", "uBen", 5))),
    ({"rules": [og_rule(5, "user", "uAda")]}, "pages first after 5 minutes; here the first step runs at once"),
    ({"rules": [og_rule(0, "user", "uAda"), og_rule(0, "schedule", "s1"), og_rule(10, "user", "uBen")],
      "repeat": {"waitInterval": 7, "count": 1}},
     (Call("person", "uAda", 0), Call("schedule", "s1", 10), Call("person", "uBen", 7)) * 2),
    ({"rules": [og_rule(0, "team", "t1")]}, "step 1 pages a team, which is nobody here"),
    ({"rules": [og_rule(0, "schedule", "s1", notifyType="next")]},
     "step 1 pages ‘next’; here a step pages who is on call"),
    ({"rules": [og_rule(0, "user", "uAda", condition="if-not-closed")]},
     "step 1 pages on after somebody has answered; here an answer ends it"),
    ({"rules": [og_rule(0, "user", "uAda")], "repeat": {"closeAlertAfterAll": True}},
     "closes the alert when nobody answers; here it stays open"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), OG_POLICIES)
def test_escalations_of_opsgenie(change: dict[str, Any], expected: tuple[Call, ...] | str) -> None:
    (found,) = read("opsgenie", escalations=[{"id": "e1", "name": "Payments", **change}]).policies
    assert (plain(found.cannot) if found.cannot else found.calls) == expected
