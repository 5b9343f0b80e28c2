"""Who is on call by other systems' own tables, asked of our rule: every fact that all would agree on must hold.

    FIRSTCALL_EVAL=folder python -m bench.schedules

Reads `schedules/cases.json` there. A case whose answer is that system's policy, and ours differs, is listed with our
reason; one whose data the folder lacks is listed too. Ends with 1 when a fact does not hold.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.calendars import event_facts
from bench.stage import finish
from firstcall.ready.rules.schedule import (
    Held,
    OverrideFacts,
    RotationFacts,
    handover_of,
    holder,
    shifts,
)
from firstcall.ready.rules.window import EVERY_DAY, Window, instant_of, is_within

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
MIDNIGHT = dt.time(0)
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BEGIN = dt.date(2024, 1, 1)  # a Monday, for cases that tell only distances

ONE = "one person holds at an instant, so that it is clear whose telephone rings: a second stands on another schedule"
NOBODY = "an override puts somebody on call, never nobody: a hole must be somebody's decision about the rotation"
STOPWATCH = "a turn counted in hours lasts that many hours on a stopwatch, also when clocks change"
MONTHS = "turns are counted in days or hours: a month has no length, and a week is handed over on one weekday"
BACKWARDS = "nobody is on call before the first day of a rotation"
FIRST_COMING = "a wall time that comes twice stands for its first coming, for beginnings and ends alike"
PAST = "what a calendar shows of the past follows from the plan; what happened stands in the journal"
ABSENT = "the folder lacks what the case refers to"
TEMPORARY = "somebody taking over leaves the rest of the rotation as it is"


class Policy(Exception):
    """The case's answer is that system's policy; the reason for ours."""


def agree(ours: object, theirs: object) -> None:
    if ours != theirs:
        raise AssertionError(f"ours {ours}, theirs {theirs}")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def window_of(rule: dict[str, Any]) -> Window:
    days = frozenset(NAMES.index(day) + 1 for day in rule["days"])
    return Window(days, dt.time.fromisoformat(rule["start"]), dt.time.fromisoformat(rule["end"]))


def only(rule: dict[str, Any]) -> RotationFacts:
    return RotationFacts((1,), 1, MIDNIGHT, dt.date(2000, 1, 1), rule["time_zone"], windows=(window_of(rule),))


def rule_active(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    rule = given["rule"]
    agree(is_within((window_of(rule),), rule["time_zone"], at=moment(given["at"])), wanted["active"])


def next_shift(given: dict[str, Any]) -> Held:
    """The shift that covers the instant, or the one after it."""
    at = moment(given["at"])
    found = shifts([only(given["rule"])], [], start=at - 9 * DAY, end=at + 9 * DAY)
    return next(shift for shift in found if shift.user and shift.ends > at)


def rule_shift_start(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    agree(next_shift(given).starts, moment(wanted["shift_start"]))


def rule_shift_end(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    agree(next_shift(given).ends, moment(wanted["shift_end"]))


def rotation_of(given: dict[str, Any], zone: str, members: Sequence[int] = (1, 2)) -> RotationFacts:
    if given["type"] == "monthly":
        raise Policy(MONTHS)
    local = dt.datetime.fromisoformat(given["start"]).astimezone(ZoneInfo(zone))
    length = given["shift_length"] * (7 if given["type"] == "weekly" else 1)
    hours = length if given["type"] == "hourly" else 0
    return RotationFacts(tuple(members), 1 if hours else length, local.time(), local.date(), zone, hours)


def rotation_handoffs(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    rotation = rotation_of(given["rotation"], given["rotation"]["time_zone"])
    theirs = [moment(text) for text in wanted["handoffs"]]
    after = [at for at in theirs if at >= handover_of(rotation, 0)]
    ours = [handover_of(rotation, turn) for turn in range(len(after))]
    if ours != after and rotation.length_hours:
        raise Policy(STOPWATCH)
    agree(ours, after)
    if after != theirs:
        raise Policy(BACKWARDS)


def rotation_shift_end(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    rotation, at = rotation_of(given["rotation"], given["rotation"]["time_zone"]), moment(given["at"])
    if at < handover_of(rotation, 0):
        raise Policy(BACKWARDS)
    held = shifts([rotation], [], start=at, end=at + 400 * DAY)[0]
    agree(held.ends, moment(wanted["shift_end"]))


def clock_instant(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    day, wall, zone = (
        dt.date.fromisoformat(given["date"]), dt.time.fromisoformat(given["wall_clock"]), given["time_zone"],
    )  # fmt: skip
    ours, theirs = instant_of(day, wall, zone), moment(wanted["instant"])
    if ours != theirs and ours.astimezone(ZoneInfo(zone)).replace(fold=0) == dt.datetime.combine(
        day, wall, ZoneInfo(zone)
    ) == theirs.astimezone(ZoneInfo(zone)).replace(fold=0):
        raise Policy(FIRST_COMING)
    agree(ours, theirs)


def turned(rotation: RotationFacts, index: int, at: dt.datetime) -> RotationFacts:
    """The same rotation, with member number `index` at `at`."""
    users = range(len(rotation.members))
    place = next(n for n in users if holder([rotation], [], at=at) == rotation.members[n])
    members = tuple(rotation.members[(n + index - place) % len(users)] for n in users)
    return RotationFacts(members, rotation.length_days, rotation.handover, rotation.starts, rotation.zone)


def layers_of(given: dict[str, Any], numbers: dict[str, int]) -> list[RotationFacts]:
    layers = []
    for rule in given["rules"]:
        made = only({**rule, "time_zone": given["time_zone"]})
        if rule["target_type"] == "rotation":
            named = given["rotations"][rule["target"]]
            members = [numbers.setdefault(name, len(numbers) + 1) for name in named["users"]]
            turns = rotation_of(named, given["time_zone"], members)
            turns = turned(turns, named["current_index"], moment(given["now"]))
            made = RotationFacts(
                turns.members, turns.length_days, turns.handover, turns.starts, turns.zone, windows=made.windows
            )
        else:
            number = numbers.setdefault(rule["target"], len(numbers) + 1)
            made = RotationFacts((number,), 1, MIDNIGHT, made.starts, made.zone, windows=made.windows)
        layers.append(made)
    return layers


def schedule_shifts(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    numbers: dict[str, int] = {}
    layers = layers_of(given, numbers)
    start, end = moment(given["from"]), moment(given["to"])
    now = moment(given["now"]) if given["now"] else start
    found = shifts(layers, [], start=start, end=end)
    ours = [(one.user, one.starts, one.ends) for one in found if one.user and one.starts >= now]
    if given["temporary_schedules"]:
        raise Policy(TEMPORARY)
    if any(not one["add"] for one in given["overrides"]):
        raise Policy(NOBODY)
    theirs = [(numbers[one["user"]], moment(one["start"]), moment(one["end"])) for one in wanted["shifts"]]
    agree(ours, [one for one in theirs if one[1] >= now])
    if any(one[1] < now for one in theirs):
        raise Policy(PAST)


def override_map(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    at = moment(given["at"]) if "at" in given else None
    standing = [
        one for one in given.get("active_overrides", given.get("overrides", []))
        if at is None or moment(one["start"]) <= at < moment(one["end"])
    ]  # fmt: skip
    if any(not one.get("add") for one in standing):
        raise Policy(NOBODY)
    if any(not one.get("remove") for one in standing):
        raise Policy(ONE)
    begin = instant_of(BEGIN, MIDNIGHT, "UTC")
    people = sorted({*given["on_call"], *(one["add"] for one in standing)})
    held = []
    for name in given["on_call"]:  # a schedule for each, for one person holds at an instant
        base = RotationFacts((people.index(name),), 1, MIDNIGHT, BEGIN, "UTC")
        over = [
            OverrideFacts(n, people.index(one["add"]), begin, begin + DAY)
            for n, one in enumerate(standing) if one["remove"] == name
        ]  # fmt: skip
        who = holder([base], over, at=begin)
        held.append(people[who if who is not None else -1])
    agree(sorted(held), sorted(wanted["on_call_set"]))


def hours(number: float) -> dt.time:
    return (dt.datetime.combine(BEGIN, MIDNIGHT) + number * HOUR).time()


def one_day(given: dict[str, Any]) -> list[tuple[str | None, float, float]]:
    """Who holds from which hour of the day to which. Raises Policy where two would hold at once."""
    begin = instant_of(BEGIN, MIDNIGHT, "UTC")
    rows = sorted(given["daily_shifts"], key=lambda row: -row["priority"])
    names = sorted({row["user"] for row in [*rows, *given["overrides"]]})
    layers = [
        RotationFacts(
            (names.index(row["user"]),), 1, MIDNIGHT, BEGIN, "UTC",
            windows=(Window(EVERY_DAY, hours(row["start_h"]), hours(row["start_h"] + row["hours"])),),
        )
        for row in rows
    ]  # fmt: skip
    over = [
        OverrideFacts(n, names.index(row["user"]), begin + row["start_h"] * HOUR,
                      begin + (row["start_h"] + row["hours"]) * HOUR)
        for n, row in enumerate(given["overrides"])
    ]  # fmt: skip
    for one in rows:
        for other in rows:
            if one is not other and one["priority"] == other["priority"] and overlap(one, other):
                raise Policy(ONE)
    first, last = given["window_h"]
    found = shifts(layers, over, start=begin + first * HOUR, end=begin + last * HOUR)
    return [
        (None if one.user is None else names[one.user], (one.starts - begin) / HOUR, (one.ends - begin) / HOUR)
        for one in found
    ]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start_h"] < other["start_h"] + other["hours"] and other["start_h"] < one["start_h"] + one["hours"])


def layers_one_day(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    rows: Iterable[dict[str, Any]] = wanted.get("events", wanted.get("events_without_gaps", []))
    theirs = [(row.get("user"), row["start_h"], row["start_h"] + row["hours"]) for row in rows]
    ours = [one for one in one_day(given) if one[0] is not None or "events" in wanted]
    agree(ours, theirs)


def weekly_shift_covering(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    local = dt.datetime.fromisoformat(given["weekly_shift_local_start"])
    rotation = RotationFacts((1, 2), given["duration_days"], local.time(), local.date(), given["time_zone"])
    at = moment(wanted["event"]["start"])
    held = shifts([rotation], [], start=at, end=at + 30 * DAY)[0]
    agree((held.starts, held.ends), (at, moment(wanted["event"]["end"])))
    before = holder([rotation], [], at=at - dt.timedelta(seconds=1))
    if before == held.user:
        raise AssertionError("it began before")


def rolling_who_at(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    users = given["users"]
    if "start" in given:
        begin, at = moment(given["start"]), moment(given["at"])
        first = moment(given["rotation_start"])
    else:
        begin = instant_of(BEGIN + (5 * DAY if "offset_from" in given else 0 * DAY), MIDNIGHT, "UTC")
        at = begin + dt.timedelta(**given["at_offset"])
        first = begin + dt.timedelta(**given.get("rotation_start_offset", {}))
    if "by_day" in given:
        days = frozenset(SHORT.index(day) + 1 for day in given["by_day"])
        end = (dt.datetime.combine(BEGIN, MIDNIGHT) + dt.timedelta(seconds=given["duration_s"])).time()
        # A series that began before its rotation has used up a turn there: so the second person is the first here.
        order = range(1, len(users) + 1) if "until" in given else range(len(users))
        members = tuple(n % len(users) for n in order)
        layer = RotationFacts(members, 7, MIDNIGHT, BEGIN, "UTC", windows=(Window(days, MIDNIGHT, end),))
    else:
        layer = RotationFacts((), 1, MIDNIGHT, BEGIN, "UTC", events=event_facts(given, begin, first, at))
    who = holder([layer], [], at=at)
    agree([] if who is None else [users[who]], wanted["on_call"])


def override_who_at(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    begin = instant_of(BEGIN, MIDNIGHT, "UTC")
    row = OverrideFacts(1, 1, begin, begin + dt.timedelta(seconds=given["override"]["duration_s"]))
    who = holder([], [row], at=begin + dt.timedelta(**given["at_offset"]))
    agree([] if who is None else [given["override"]["user"]], wanted["on_call"])


ASK: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    "rule_active": rule_active, "rule_shift_start": rule_shift_start, "rule_shift_end": rule_shift_end,
    "rotation_handoffs": rotation_handoffs, "rotation_shift_end": rotation_shift_end,
    "clock_last_instant_of_day": clock_instant, "clock_first_instant_of_day": clock_instant,
    "schedule_shifts": schedule_shifts, "override_map": override_map, "layers_one_day": layers_one_day,
    "weekly_shift_covering": weekly_shift_covering, "rolling_who_at": rolling_who_at,
    "override_who_at": override_who_at,
}  # fmt: skip


def ask(case: dict[str, Any], known: dict[str, dict[str, Any]]) -> None:
    """Nothing when the fact holds. Raises Policy, or AssertionError."""
    if case["kind"] == "layers_who_at":
        whole = known.get(case["input"]["schedule_of_case"])
        if whole is None:
            raise Policy(ABSENT)
        at = case["input"]["at_h"]
        ours = [name for name, starts, ends in one_day(whole["input"]) if name and starts <= at < ends]
        agree(ours, case["expect"]["on_call"])
    elif case["kind"] in ASK:
        ASK[case["kind"]](case["input"], case["expect"])
    else:
        raise Policy(ABSENT)


def main() -> int:
    named = os.environ.get("FIRSTCALL_EVAL", "")
    path = Path(named) / "schedules" / "cases.json"
    if not named or not path.is_file():
        print("FIRSTCALL_EVAL names no folder with schedules/cases.json in it: nothing was measured.")
        finish({"skipped": True})
        return 0
    cases = json.loads(path.read_text())
    known = {case["id"]: case for case in cases}
    reasons: dict[str, list[str]] = {}
    counted: Counter[str] = Counter()
    for case in cases:
        word = "holds"
        try:
            ask(case, known)
        except Policy as policy:
            word = "absent" if str(policy) == ABSENT else "policy"
            reasons.setdefault(str(policy), []).append(case["id"])
        except AssertionError as why:
            word = "wrong"
            print(f"WRONG {case['id']}: {why}")
        counted[word] += 1
    for reason, names in reasons.items():
        print(f"{len(names):3} {reason}: {', '.join(names)}")
    figures = {"cases": len(cases), **{word: counted[word] for word in ("holds", "policy", "absent", "wrong")}}
    finish(figures)
    return 1 if counted["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
