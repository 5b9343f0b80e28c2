"""What is missing every week is named by its weekdays, what is missing once by its date."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.duty import accept_duty, set_duty
from firstcall.ready.commands.schedule import Layer, add_override, set_schedule
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.gap import hours_said, role_gaps, schedule_gaps
from firstcall.ready.queries.oncall import all_plans, plan_of
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.cost import Hour
from firstcall.ready.rules.gap import Gap, Missing, gaps_of, key_of, looked_at
from firstcall.ready.rules.window import Window
from tests.cast import Cast

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)  # a Friday, 11:00 in Berlin
WEEK, HOUR = dt.timedelta(days=7), dt.timedelta(hours=1)


def at(text: str) -> dt.datetime:
    """A wall time in Berlin."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


def each(first: str, last: str, weeks: range = range(-1, 3)) -> list[Missing]:
    """The same hours in several weeks, by the clock on the wall."""
    return [
        tuple(  # type: ignore[misc]
            (dt.datetime.fromisoformat(text) + n * WEEK).replace(tzinfo=BERLIN).astimezone(dt.UTC)
            for text in (first, last)
        )
        for n in weeks
    ]


def said(missing: list[Missing], now: dt.datetime = NOW) -> list[tuple[str, str]]:
    found = gaps_of(sorted(missing), now=now, zone=BERLIN)
    return [(hours_said(gap, now=now, zone=BERLIN), key_of(gap, zone=BERLIN)) for gap in found]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (each("2026-11-21 02:00", "2026-11-21 06:00"), [("Saturday 02:00 to 06:00", "w6-0200-0600")]),
        (each("2026-11-21 02:00", "2026-11-21 06:00", range(1)),
         [("Saturday 21 November, 02:00 to 06:00", "2026-11-21T05:00")]),
        (each("2026-11-21 00:00", "2026-11-22 00:00"), [("Saturday", "w6-0000-0000")]),
        (each("2026-11-21 00:00", "2026-11-23 00:00"), [("Saturday and Sunday", "w6-0000-0000")]),
        (each("2026-11-20 18:00", "2026-11-23 08:00"), [("Friday 18:00 to Monday 08:00", "w5-1800-0800")]),
        ([span for day in range(21, 28) for span in each(f"2026-11-{day} 22:00", f"2026-11-{day + 1} 00:00")],
         [("Every day 22:00 to 00:00", "w1234567-2200-0000")]),
        ([span for day in (23, 24, 25) for span in each(f"2026-11-{day} 22:00", f"2026-11-{day + 1} 06:00")],
         [("Monday to Wednesday 22:00 to 06:00", "w123-2200-0600")]),
        ([*each("2026-11-23 22:00", "2026-11-24 06:00"), *each("2026-11-25 22:00", "2026-11-26 06:00")],
         [("Monday and Wednesday 22:00 to 06:00", "w13-2200-0600")]),
        ([looked_at(NOW)], [("At any hour", "any")]),
        ([(at("2026-11-24 09:00"), looked_at(NOW)[1])], [("From Tuesday 24 November, 09:00 on", "any")]),
        (each("2026-11-28 02:00", "2026-11-28 06:00", range(2)), []),
        ([(at("2026-11-21 02:00"), at("2026-11-21 02:01"))], []),
    ],
)  # fmt: skip
def test_gaps_in_words(missing: list[Missing], expected: list[tuple[str, str]]) -> None:
    assert said(missing) == expected


def test_one_under_way_keeps_its_name_and_its_next_coming_is_told() -> None:
    saturdays = each("2026-11-21 02:00", "2026-11-21 06:00", range(-1, 4))
    for now in (NOW, at("2026-11-21 03:00"), at("2026-11-21 07:00")):
        assert said(saturdays, now) == [("Saturday 02:00 to 06:00", "w6-0200-0600")]


def test_a_wall_time_is_the_same_when_the_clocks_change() -> None:
    now = dt.datetime(2026, 10, 20, 10, tzinfo=dt.UTC)
    sundays = each("2026-10-25 05:00", "2026-10-25 07:00")
    assert said(sundays, now) == [("Sunday 05:00 to 07:00", "w7-0500-0700")]


def test_what_comes_back_has_no_end_of_its_own() -> None:
    (gap,) = gaps_of(each("2026-11-21 02:00", "2026-11-21 06:00"), now=NOW, zone=BERLIN)
    assert gap == Gap(at("2026-11-21 02:00"), at("2026-11-21 06:00"), (6,))


def test_the_gaps_of_a_schedule_with_hours_of_its_own(cast: Cast) -> None:
    working = Window(frozenset({1, 2, 3, 4, 5, 7}), dt.time(0), dt.time(0))
    layer = Layer((cast.ben,), dt.time(9), dt.date(2026, 1, 5), windows=(working,))
    night = set_schedule(name="Night", zone="UTC", layers=[layer], by=MACHINE, now=NOW)
    week = [Hour(100, 150)] * 168
    (gap,) = schedule_gaps(plan_of(night), week, now=NOW).gaps
    assert (gap.every, gap.key, gap.cost) == ("Saturday", "w6-0000-0000", Hour(2400, 3600))
    # Somebody takes over this one Saturday: the next ones come all the same, and this week nothing is missing.
    start = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    add_override(schedule=night, user=cast.ada, starts=start, ends=start + 24 * HOUR, by=MACHINE, now=NOW)
    assert schedule_gaps(plan_of(night), week, now=NOW).gaps == ()


def roles_now() -> list[tuple[str, str, str, str]]:
    found, held = role_gaps(now=NOW, plans=all_plans(), flows=list(flows_by_criticality()), table=rules())
    assert held + len({one.role for one in found}) == 5
    return [(one.role, one.hours, one.what, one.flows) for one in found]


def test_roles_beforehand_have_gaps_by_hour_and_by_flow(cast: Cast) -> None:
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    Flow.objects.create(slug="refunds", name="Refunds", criticality="important")
    Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    weekdays = Window(frozenset({1, 2, 3, 4, 5, 7}), dt.time(0), dt.time(0))
    for role, windows in (("owner", ()), ("communications_lead", (weekdays,))):
        row = set_duty(role=role, holder=cast.ada, windows=windows, by=MACHINE, now=NOW)
        accept_duty(duty=row, person=cast.ada, by=actor_of(cast.ada), now=NOW)
    set_duty(role="owner", holder=cast.ben, place=flow, by=MACHINE, now=NOW)
    assert roles_now() == [
        ("owner", "At any hour", "Ben would own what breaks, and has not accepted it", "Checkout"),
        ("technical_lead", "At any hour", "nobody leads the technical work", ""),
        ("communications_lead", "Saturday", "nobody speaks to customers", ""),
        ("support_liaison", "At any hour", "nobody keeps support informed", ""),
        ("leadership_liaison", "At any hour", "nobody keeps leadership informed", ""),
    ]


def test_a_role_without_anybody_is_priced_by_the_dearest_flow_it_is_empty_for(cast: Cast) -> None:
    Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", cost_per_hour=100)
    Flow.objects.create(slug="refunds", name="Refunds", criticality="important", by_hour=[0] * 120 + [130] * 48)
    Flow.objects.create(slug="reports", name="Reports", criticality="minor", cost_per_hour=9_000)
    weekdays = Window(frozenset({1, 2, 3, 4, 5, 7}), dt.time(0), dt.time(0))
    row = set_duty(role="owner", holder=cast.ada, windows=(weekdays,), by=MACHINE, now=NOW)
    accept_duty(duty=row, person=cast.ada, by=actor_of(cast.ada), now=NOW)
    found, _held = role_gaps(now=NOW, plans=[], flows=list(flows_by_criticality()), table=rules())
    assert [(one.hours, one.lasts, one.cost) for one in found if one.role == "owner"] == [
        ("Saturday", 24, Hour(24 * 130, 24 * 130))
    ]
    # For as far as one can look there is no sum.
    assert {(one.lasts, one.cost.money) for one in found if one.role != "owner"} == {(0, None)}


def test_without_a_flow_that_matters_no_role_is_asked_for(cast: Cast) -> None:
    Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    assert role_gaps(now=NOW, plans=[], flows=list(flows_by_criticality()), table=rules()) == ((), 0)
