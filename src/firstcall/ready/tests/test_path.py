"""Which path runs, and the dry run: the same answer as in earnest, and nobody is paged for it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.models.contact import ContactMethod
from firstcall.people.queries.contact import Way, ways_of
from firstcall.ready.commands.path import Step, choose_path, set_path
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.models.flow import Flow, FlowPath
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.queries.path import path_of
from firstcall.ready.queries.waking import Turn, rehearse, turn_of, woken_by
from firstcall.ready.rules.path import at_once, due_after, waits_of, with_step
from firstcall.ready.rules.window import Window
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 21, 1, 30, tzinfo=dt.UTC)  # a Saturday
MINUTE = dt.timedelta(minutes=1)
MORNING = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.clock(NOW)


def test_waits_are_never_negative() -> None:
    steps = [{"wait_minutes": 5}, {"wait_minutes": -1}, {"wait_minutes": None}, {}]
    assert waits_of({"steps": steps}) == (5, 0, 0, 0)
    assert waits_of({}) == ()
    assert due_after(NOW, 5) == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ((), []),
        ((5,), [[0]]),
        ((0,), [[0]]),
        ((5, 10), [[0], [1]]),
        ((0, 5, 10), [[0, 1], [2]]),
        ((5, 0, 0, 10), [[0], [1, 2, 3]]),
        ((5, 0), [[0], [1]]),  # whoever went with it is gone
    ],
)
def test_who_waits_0_minutes_goes_with_the_next(waits: tuple[int, ...], expected: list[list[int]]) -> None:
    assert [list(steps) for steps in at_once(waits)] == expected
    assert [list(with_step(waits, index)) for steps in expected for index in steps] == [
        steps for steps in expected for _each in steps
    ]
    assert [list(with_step(waits, index)) for index in (-1, len(waits))] == [[], []]


@pytest.fixture
def night(cast: Cast) -> EscalationPath:
    """Ben, five minutes later Ada, ten minutes later all admins."""
    return set_path(name="Night", steps=[Step(cast.ben, 5), Step(cast.ada, 10)], by=MACHINE, now=NOW)


@pytest.fixture
def flow(night: EscalationPath) -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=night)


def test_a_flow_has_another_path_for_a_severity(cast: Cast, flow: Flow, night: EscalationPath) -> None:
    team = set_path(name="Team", steps=[Step(cast.cleo)], by=MACHINE, now=NOW)
    choose_path(flow=flow, severity=3, path=team, by=MACHINE, now=NOW)
    assert [path_of(flow, severity) for severity in (1, 2, 3, 4)] == [night, night, team, night]
    choose_path(flow=flow, severity=3, path=night, by=MACHINE, now=NOW)
    assert path_of(flow, 3) == night
    choose_path(flow=flow, severity=3, path=None, by=MACHINE, now=NOW)
    assert not FlowPath.objects.exists()
    assert path_of(None, 1) is None  # two paths, and no word which
    with pytest.raises(Refused) as refused:
        choose_path(flow=flow, severity=5, path=team, by=MACHINE, now=NOW)
    assert refused.value.field == "severity"
    assert not FlowPath.objects.exists()


def test_the_only_path_runs_for_what_has_none(night: EscalationPath) -> None:
    assert path_of(None, 1) == night
    other = Flow.objects.create(slug="refunds", name="Refunds", criticality="minor")
    assert path_of(other, 2) == night


def test_a_turn_passes_over_steps_with_nobody(cast: Cast, night: EscalationPath) -> None:
    later = Layer((cast.dana,), dt.time(9), dt.date(2027, 1, 1))
    empty = set_schedule(name="Later", zone="UTC", layers=[later], by=MACHINE, now=NOW)
    path = set_path(name="Gaps", steps=[Step(empty, 5), Step(cast.ben, 7)], by=MACHINE, now=NOW)
    plan = woken_by(Flow(path=path, pk=9, name="x"), 1, now=NOW).plan
    assert plan is not None
    turn = turn_of(plan, 0, at=NOW)
    assert turn is not None
    assert (turn.index, turn.people, turn.wait_minutes, turn.skipped) == (1, [cast.ben], 7, (0,))
    assert turn_of(plan, 2, at=NOW) is None


def test_several_are_paged_at_once_and_everybody_once(cast: Cast, client: Client) -> None:
    later = Layer((cast.dana,), dt.time(9), dt.date(2027, 1, 1))
    empty = set_schedule(name="Later", zone="UTC", layers=[later], by=MACHINE, now=NOW)
    weeks = set_schedule(
        name="Weeks", zone="UTC", layers=[Layer((cast.cleo,), dt.time(9), dt.date(2026, 11, 2))], by=MACHINE, now=NOW
    )
    steps = [Step(cast.cleo, 0), Step(empty, 0), Step(weeks, 0), Step(cast.ben, 7), Step(cast.ada, 4)]
    path = set_path(name="All", steps=steps, by=MACHINE, now=NOW)
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)
    plan = woken_by(flow, 1, now=NOW).plan
    assert plan is not None
    turn = turn_of(plan, 0, at=NOW)
    assert turn == Turn(3, ((0, [cast.cleo]), (3, [cast.ben])), 7, (1,))
    assert turn.people == [cast.cleo, cast.ben]
    run = rehearse(flow, 1, now=NOW)
    assert [(line.at, [one.user for one in line.people]) for line in run.lines] == [
        (NOW, [cast.cleo, cast.ben]), (NOW + 7 * MINUTE, [cast.ada]),
    ]  # fmt: skip
    client.force_login(cast.dana)
    words = "First Cleo and Later and Weeks and Ben; 7 minutes later Ada; 4 minutes later all admins."
    assert words in text_of(client, f"/oncall/paths/{path.pk}/")
    assert "Cleo and Later and Weeks and Ben, after 7 min Ada" in text_of(client, "/oncall/")


def form_of(path: EscalationPath) -> dict[str, str]:
    steps = enumerate(path.steps.all(), 1)
    return {"name": path.name} | {
        field: str(value)
        for n, step in steps
        for field, value in ((f"target{n}", f"user:{step.user_id}"), (f"wait{n}", step.wait_minutes))
    }


def test_the_form_takes_0_minutes_but_for_the_last_and_loses_no_step(cast: Cast, client: Client) -> None:
    steps = [Step(cast.ben, 3)] * 7
    path = set_path(name="Rounds", steps=steps, by=MACHINE, now=NOW)
    client.force_login(cast.ada)
    said = form_of(path) | {"wait1": "0"}
    assert 'name="target9"' in client.get(f"/oncall/paths/{path.pk}/edit/").content.decode()
    assert client.post(f"/oncall/paths/{path.pk}/edit/", said).status_code == 302
    assert [step.wait_minutes for step in path.steps.all()] == [0, 3, 3, 3, 3, 3, 3]
    wrong = client.post(f"/oncall/paths/{path.pk}/edit/", said | {"wait7": "0"})
    assert (wrong.status_code, "Whoever is paged last needs time to answer." in wrong.content.decode()) == (422, True)
    for bad in (-1, 241):
        with pytest.raises(Refused, match="Wait from 0 to 240 minutes"):
            set_path(name="Bad", steps=[Step(cast.ben, bad)], by=MACHINE, now=NOW)
    with pytest.raises(Refused, match="Whoever is paged last needs time to answer"):
        set_path(name="Bad", steps=[Step(cast.ben, 5), Step(cast.ada, 0)], by=MACHINE, now=NOW)
    assert [step.wait_minutes for step in path.steps.all()] == [0, 3, 3, 3, 3, 3, 3]
    assert not EscalationPath.objects.filter(name="Bad").exists()


def test_the_dry_run_of_a_night(cast: Cast, flow: Flow) -> None:
    ContactMethod.objects.create(user=cast.ben, kind="mail", address="ben@example.com", verified_at=NOW, position=0)
    ContactMethod.objects.create(
        user=cast.ben, kind="webhook", address="https://x.example", verified_at=NOW, position=1
    )
    before = Entry.objects.count()
    run = rehearse(flow, 1, now=NOW)
    told = [
        (line.at, [(one.user.name, [way.channel for way in one.ways]) for one in line.people]) for line in run.lines
    ]
    assert told == [(NOW, [("Ben", ["mail", "webhook"])]), (NOW + 5 * MINUTE, [("Ada", ["mail"])])]
    assert run.admins_at == NOW + 15 * MINUTE
    assert (Job.objects.count(), Entry.objects.count()) == (0, before)


def test_the_dry_run_names_the_schedule_where_nobody_is_on_call(client: Client, cast: Cast) -> None:
    working = Window(frozenset({1, 2, 3, 4, 5}), dt.time(0), dt.time(0))
    office = Layer((cast.ben,), dt.time(9), dt.date(2026, 11, 16), windows=(working,))
    schedule = set_schedule(name="Office", zone="UTC", layers=[office], by=MACHINE, now=NOW)
    path = set_path(name="Night", steps=[Step(schedule, 5), Step(cast.ada, 10)], by=MACHINE, now=NOW)
    flow = Flow.objects.create(slug="payout", name="Pay out", criticality="critical", path=path)
    saturday = dt.datetime(2026, 11, 21, 2, 30, tzinfo=dt.UTC)
    told = [(line.at, line.empty, [one.user for one in line.people]) for line in rehearse(flow, 1, now=saturday).lines]
    assert told == [(saturday, ("Office",), [cast.ada])]
    client.force_login(cast.dana)
    page = text_of(client, f"/oncall/paths/{path.pk}/?flow=payout&severity=1&at=2026-11-21T02:30")
    assert "Nobody is on call for Office" in page and "the next step runs at once" in page


def test_the_dry_run_of_what_waits_and_of_what_wakes_nobody(flow: Flow) -> None:
    later = rehearse(flow, 3, now=NOW)
    assert [line.at for line in later.lines] == [MORNING, MORNING + 5 * MINUTE]
    assert later.admins_at == MORNING + 15 * MINUTE
    never = rehearse(flow, 4, now=NOW)
    assert (never.lines, never.admins_at) == ([], None)


def test_without_a_path_all_admins_are_told(cast: Cast) -> None:
    run = rehearse(None, 1, now=NOW)
    assert (run.lines, run.admins_at, run.woken.plan) == ([], NOW, None)


def test_ways_in_their_order_and_the_account_without_any(cast: Cast) -> None:
    assert ways_of(cast.ada) == [Way("mail", "mail", "ada@example.com")]
    for position, kind in enumerate(("webhook", "mail", "mail")):
        ContactMethod.objects.create(
            user=cast.ben, kind=kind, address=f"{position}", verified_at=NOW, position=position
        )
    ContactMethod.objects.create(user=cast.ben, kind="mail", address="not yet", verified_at=None, position=3)
    assert [(way.name, way.address) for way in ways_of(cast.ben)] == [("webhook", "0"), ("mail", "1"), ("mail2", "2")]


def text_of(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


def test_the_page_says_who_would_be_woken(client: Client, cast: Cast, flow: Flow, night: EscalationPath) -> None:
    client.force_login(cast.dana)
    page = text_of(client, f"/oncall/paths/{night.pk}/?flow=checkout&severity=1&at=2026-11-21T02:30")
    assert "If Checkout broke as SEV1 on Saturday 21 November, 02:30:" in page
    assert re.search(r"02:30 [^B]*Ben \(mail\) 5 minutes to answer 02:35 [^A]*Ada \(mail\) 10 minutes", page)
    assert re.search(r"02:45 [^A]*All admins when nobody has answered", page)
    assert "SEV3 wakes nobody at night: it pages from 08:00 until 22:00." in page
    assert "SEV4 wakes nobody: it waits for the digest." in page
    quiet = text_of(client, f"/oncall/paths/{night.pk}/?flow=checkout&severity=4&at=2026-11-21T02:30")
    assert re.search(r"SEV4 wakes nobody: it waits for the digest. +Nobody", quiet)


@pytest.mark.parametrize("query", ["", "?at=never", "?at=2026-99-99T00:00", "?severity=9&flow=nothing", "?at=&flow=-"])
def test_the_page_bears_any_question(client: Client, cast: Cast, flow: Flow, night: EscalationPath, query: str) -> None:
    client.force_login(cast.dana)
    page = text_of(client, f"/oncall/paths/{night.pk}/{query}")
    assert "Saturday 28 November, 02:30:" in page


def test_another_path_is_chosen_on_the_page_of_the_flow(client: Client, cast: Cast, flow: Flow) -> None:
    team = set_path(name="Team", steps=[Step(cast.cleo)], by=MACHINE, now=NOW)
    client.force_login(cast.eve)
    assert client.post("/flows/checkout/paths/", {"severity": "3", "path": str(team.pk)}).status_code == 403
    assert not FlowPath.objects.exists()
    client.force_login(cast.ben)
    assert client.post("/flows/checkout/paths/", {"severity": "x", "path": "y"}).status_code == 302
    assert not FlowPath.objects.exists()
    client.post("/flows/checkout/paths/", {"severity": "3", "path": str(team.pk)})
    assert FlowPath.objects.get().path == team
    assert re.search(r"SEV3 +Team SEV3", text_of(client, "/flows/checkout/"))
