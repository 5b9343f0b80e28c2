"""Grafana OnCall's shifts, calendars and chains as ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from firstcall.kernel.say import plain
from firstcall.ready.rules.taken import Call, Cover
from firstcall.ready.rules.window import EVERY_DAY
from firstcall.ready.tests.others import FIVE, NINE, OFFICE, oc_schedule, oc_shift, oc_step, on, read, rota, weeks

DAYS = ["MO", "TU", "WE", "TH", "FR"]
OC_GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"frequency": "daily", "duration": 86400}, {"length_days": 1}),
    ({"frequency": "daily", "duration": 172800, "interval": 2}, {"length_days": 2}),
    ({"frequency": "daily", "duration": 28800}, {"length_days": 1, "windows": on(EVERY_DAY, NINE, FIVE)}),
    ({"frequency": "hourly", "duration": 12 * 3600, "interval": 12}, {"length_days": 1, "length_hours": 12}),
    ({"duration": 1209600, "interval": 2}, {"length_days": 14}),
    ({"duration": 28800}, {"windows": on(frozenset({1}), NINE, FIVE)}),
    ({"duration": 28800, "by_day": DAYS}, {"windows": on(OFFICE, NINE, FIVE)}),
    # From Wednesday on, but its week began on Monday: Ben takes over on the Monday after.
    ({"duration": 28800, "by_day": DAYS, "start": "2026-11-04T09:00:00", "rotation_start": "2026-11-04T09:00:00"},
     {"windows": on(OFFICE, NINE, FIVE)}),
    ({"start_rotation_from_user_index": 1}, {"members": ("UBen", "UAda")}),
    ({"time_zone": "America/New_York"}, {"zone": "America/New_York"}),
    ({"until": "2026-12-07T07:59:59"}, {"until": dt.date(2026, 12, 7)}),
    ({"until": "2026-12-07T08:00:00"}, {"until": dt.date(2026, 12, 14)}),
    ({"type": "recurrent_event", "users": ["UAda"], "rolling_users": None, "frequency": "daily", "duration": 28800,
      "by_day": ["SA"]}, {"members": ("UAda",), "length_days": 1, "windows": on(frozenset({6}), NINE, FIVE)}),
]  # fmt: skip
ODD = "shift ‘Weeks’ comes back in a way our turns and hours can’t say"
OC_BAD: list[tuple[dict[str, Any], str]] = [
    ({"rolling_users": [["UAda", "UBen"]]}, "shift ‘Weeks’ has 2 on call at once; here it is one"),
    ({"rolling_users": []}, "shift ‘Weeks’ has 0 on call at once; here it is one"),
    ({"type": "recurrent_event", "users": ["UAda", "UBen"], "rolling_users": None},
     "shift ‘Weeks’ has 2 on call at once; here it is one"),
    ({"by_month": [1]}, "shift ‘Weeks’ comes in certain months or on days of the month"),
    ({"frequency": "monthly"}, ODD),
    ({"frequency": "daily", "by_day": DAYS, "duration": 28800}, ODD),
    ({"duration": 28800, "interval": 2}, ODD),
    ({"frequency": "hourly", "duration": 1800}, ODD),
    ({"duration": 1209600}, ODD),
    ({"duration": 90}, "on_call_shifts[0].duration is no whole minute"),
    ({"by_day": ["XX"], "duration": 28800}, "shift ‘Weeks’ comes on days we don’t know"),
    ({"rotation_start": "2026-12-01T09:00:00"}, "shift ‘Weeks’ begins later, in the middle of its rotation"),
    ({"start": "2026-12-02T09:00:00", "rotation_start": "2026-12-02T09:00:00", "duration": 28800, "by_day": DAYS},
     "shift ‘Weeks’ begins later, in the middle of its rotation"),
    ({"frequency": "hourly", "duration": 3600, "until": "2027-01-01T00:00:00"},
     "shift ‘Weeks’ changes by the hour and has an end; here such a layer has none"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), OC_GOOD)
def test_shifts_of_oncall(change: dict[str, Any], expected: dict[str, Any]) -> None:
    found = rota("oncall", schedules=[oc_schedule()], on_call_shifts=[oc_shift(**change)])
    members = expected.pop("members", ("UAda", "UBen"))
    assert (found.cannot, found.turns) == (None, (weeks(*members, name="Weeks", level=1, **expected),))


@pytest.mark.parametrize(("change", "reason"), OC_BAD)
def test_shifts_of_oncall_that_ours_can_not_say(change: dict[str, Any], reason: str) -> None:
    found = rota("oncall", schedules=[oc_schedule()], on_call_shifts=[oc_shift(**change)])
    assert found.cannot is not None and plain(found.cannot) == reason


def test_a_shift_of_oncall_that_has_ended_is_none_and_the_higher_level_wins() -> None:
    shifts = [
        oc_shift(), oc_shift(id="O2", level=3, rolling_users=[["UBen"]]), oc_shift(id="O3", until="2026-11-10T00:00:00")
    ]  # fmt: skip
    found = rota("oncall", schedules=[oc_schedule(shifts=["O1", "O2", "O3"])], on_call_shifts=shifts)
    assert [(turns.members, turns.level) for turns in found.turns] == [(("UBen",), 3), (("UAda", "UBen"), 1)]


def single(**more: Any) -> dict[str, Any]:
    return {"id": "O2", "name": "Once", "type": "single_event", "level": 2, "start": "2026-11-25T18:00:00",
            "duration": 43200, "users": ["UCleo"], **more}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (single(), Cover("O2", "UCleo", dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC),
                         dt.datetime(2026, 11, 26, 5, tzinfo=dt.UTC))),
        (single(level=1), "shift ‘Once’ comes once, below or beside others; here it would be above them"),
        (single(users=["UAda", "UCleo"]), "shift ‘Once’ has 2 on call at once; here it is one"),
        (single(users=[], start="2026-11-01T18:00:00"), ()),
    ],
)  # fmt: skip
def test_a_shift_that_comes_once_takes_over(event: dict[str, Any], expected: object) -> None:
    found = rota("oncall", schedules=[oc_schedule(shifts=["O1", "O2"])], on_call_shifts=[oc_shift(), event])
    if isinstance(expected, str):
        assert found.cannot is not None and plain(found.cannot) == expected
    else:
        assert found.covers == (expected or ()) if expected == () else found.covers == (expected,)


def test_calendars_of_oncall_are_followed_the_one_of_overrides_on_top() -> None:
    row = oc_schedule(
        type="ical", shifts=None, time_zone=None, ical_url_primary="https://cal.example.com/a.ics",
        ical_url_overrides="https://cal.example.com/o.ics",
    )  # fmt: skip
    found = rota("oncall", schedules=[row])
    assert [turns.calendar[-5:] for turns in found.turns] == ["o.ics", "a.ics"]
    wrong = rota("oncall", schedules=[{**row, "ical_url_primary": "file:///etc/passwd"}])
    assert wrong.cannot is not None and plain(wrong.cannot).startswith("follows a calendar we can’t: The address must")


OC_CHAINS: list[tuple[list[dict[str, Any]], tuple[Call, ...] | str]] = [
    ([oc_step(0, "notify_persons", persons_to_notify=["UAda"])], (Call("person", "UAda", 5),)),
    ([oc_step(1, "wait", duration=300), oc_step(2, "wait", duration=600),
      oc_step(0, "notify_persons", persons_to_notify=["UAda"])], (Call("person", "UAda", 15),)),
    ([oc_step(0, "wait", duration=60)], "waits before it pages anybody; here the first step runs at once"),
    ([oc_step(0, "notify_persons", persons_to_notify=["UAda", "UBen"]), oc_step(1, "wait", duration=180),
      oc_step(2, "notify_on_call_from_schedule", notify_on_call_from_schedule="S1"),
      oc_step(3, "notify_persons", persons_to_notify=["UAda"])],
     (Call("person", "UAda", 0), Call("person", "UBen", 3), Call("schedule", "S1", 0), Call("person", "UAda", 5))),
    ([oc_step(0, "notify_persons", persons_to_notify=[])], "step 1 is ‘notify_persons’, which no step here does"),
    ([oc_step(0, "trigger_webhook")], "step 1 is ‘trigger_webhook’, which no step here does"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), OC_CHAINS)
def test_chains_of_oncall(steps: list[dict[str, Any]], expected: tuple[Call, ...] | str) -> None:
    (found,) = read("oncall", escalation_policies=steps).policies
    assert (plain(found.cannot) if found.cannot else found.calls) == expected
