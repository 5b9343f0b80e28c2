"""A game day counts in no figure and reaches no customer: every figure is read before it and after it.

A query that leaves practice out is a figure here by its name; one without an entry fails the first test.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job
from firstcall.desk.drill import begin, finish
from firstcall.desk.flows import flow_standings
from firstcall.desk.now import Now
from firstcall.desk.sample import leaving
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.queries.report import reports_of_customer
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.queries.page_content import page_content
from firstcall.inform.queries.reach import living_subscribers, pages_of
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.say import plain
from firstcall.learn.commands.action import add_action
from firstcall.learn.commands.postmortem import draft_postmortem
from firstcall.learn.queries.evidence import cases
from firstcall.learn.queries.incident import cost_of_incident, score_of
from firstcall.learn.queries.standstill import month_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.drill import plan_drill
from firstcall.ready.commands.lane import add_lane
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.drill import Drill
from firstcall.respond.commands.first_step import tick_first_step
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.first_step import first_steps_of
from firstcall.respond.queries.incident import incidents_of_flows, real_incidents
from tests.architecture.test_practice import over_many
from tests.friday import MINUTE, NOW, Friday, make_friday, run_reaction

pytestmark = pytest.mark.django_db
THEN = NOW + 60 * MINUTE  # when every figure is read
TO_CUSTOMERS = frozenset({"inform.fan_out", "inform.subscriber_mail"})


@dataclass(frozen=True, slots=True)
class World:
    """An outage in earnest is open; `client` is Ada's."""

    friday: Friday
    client: Client


def _now(world: World) -> object:
    page = Now(viewer=world.friday.cast.ada, now=THEN)
    return (
        [row[0].pk for row in page.rows], page.calm, page.leads, [str(one) for one in page.late],
        [one.incident.pk for one in page.unanswered], [one.pk for one in page.incidents],
    )  # fmt: skip


# What leaves practice out, by its name, and how it is read here.
FIGURES: dict[str, Callable[[World], object]] = {
    "src/firstcall/desk/sample.py::leaving": lambda world: leaving(world.friday.cast.ada),
    "src/firstcall/inform/queries/page_content.py::page_content": lambda world: json.dumps(
        page_content(StatusPage.objects.get(), now=THEN), default=str
    ),
    "src/firstcall/learn/queries/evidence.py::cases": lambda world: cases(viewer=world.friday.cast.ada, now=THEN),
    "src/firstcall/learn/queries/standstill.py::month_of": lambda world: [
        month_of(one, viewer=world.friday.cast.ada, now=THEN) for one in Customer.objects.order_by("pk")
    ],
    "src/firstcall/respond/queries/incident.py::incidents_of_flows": lambda world: [
        one.pk for one in incidents_of_flows([world.friday.flow.pk], viewer=world.friday.cast.ada)
    ],
}  # fmt: skip
# Figures that are no query of their own, or are about one incident.
MORE: dict[str, Callable[[World], object]] = {
    "counts on Now": _now,
    "state of flows": lambda world: [
        (one.flow.pk, one.state)
        for one in flow_standings(
            Now(viewer=world.friday.cast.ada, now=THEN).opened, viewer=world.friday.cast.ada, now=THEN
        )
    ],
    "what a caller is offered": lambda world: [one.pk for one in real_incidents(viewer=world.friday.cast.ada)],
    "cost": lambda world: cost_of_incident(world.friday.incident, now=THEN),
    "scorecard": lambda world: [plain(one.sentence) for one in score_of(world.friday.incident, now=THEN)],
    "digest": lambda world: AlertGroup.objects.filter(closed_at=None).count(),
    "subscribers": lambda world: Subscriber.objects.filter(ended_at=None).count(),
    "mails to customers": lambda world: Job.objects.filter(kind__in=TO_CUSTOMERS).count(),
    "page of what incidents cost": lambda world: _main(world.client.get("/evidence/").content.decode()),
    "what a customer said": lambda world: [
        len(reports_of_customer(one, viewer=world.friday.cast.ada)) for one in Customer.objects.order_by("pk")
    ],
}
# Of the machine's reactions: what comes in joins no room of practice (the second test below).
REACTIONS = {
    "src/firstcall/respond/queries/incident.py::gravest_open", "src/firstcall/reactions/group_paged.py::_over_of",
    "src/firstcall/reactions/owner_quiet.py::owner_quiet", "src/firstcall/reactions/provider_said.py::provider_said",
    "src/firstcall/reactions/report_filed.py::report_filed",
}  # fmt: skip


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def world(client: Client) -> World:
    friday = make_friday()
    Subscriber.objects.create(
        page=StatusPage.objects.get(), email="shop@example.com", nonce="n", asked_at=NOW, confirmed_at=NOW,
        confirm_digest="c", end_digest="e",
    )  # fmt: skip
    client.force_login(friday.cast.ada)
    return World(friday, client)


def read(world: World) -> dict[str, object]:
    with clock.read_from(lambda: THEN):
        return {name: figure(world) for name, figure in {**FIGURES, **MORE}.items()}


def held(world: World) -> Incident:
    """A whole game day: the path woken, lanes told, steps ticked, words said to every audience, ended, learned from."""
    friday, at = world.friday, NOW + 5 * MINUTE
    ada, by = friday.cast.ada, actor_of(friday.cast.ada)
    assert friday.flow.path is not None
    for kind, target in (("owners", None), ("vendor", friday.cast.dana), ("leadership", friday.cast.dana)):
        add_lane(path=friday.flow.path, kind=kind, target=target, severity=4, by=MACHINE, now=at)
    Drill.objects.all().delete()
    friday.flow.first_steps = "Look at the gate"
    friday.flow.save()
    drill = plan_drill(
        flow=friday.flow, day=at.date(), leader=ada, pretend="Cards are declined", pages=True, by=by, now=at
    )  # fmt: skip
    incident = begin(drill=drill, viewer=ada, now=at)
    for kind in ("respond.escalation_step", "respond.lane"):
        for job in Job.objects.filter(kind=kind, due__lte=at):
            run_reaction(kind, at, **{name: value for name, value in job.payload.items() if name != "v"})
    steps = first_steps_of(incident, viewer=ada)
    tick_first_step(incident=incident, part=steps[0].key, step=steps[0].lines[0].text, by=by, now=at + MINUTE)
    texts = dict.fromkeys(("public", "inside", "support", "leadership"), "We look at card payments.")
    due = dict.fromkeys(texts, at + 30 * MINUTE)
    publish_update(incident=incident, texts=texts, seen=0, next_due=due, by=by, now=at + 2 * MINUTE)
    with clock.read_from(lambda: at + 20 * MINUTE):
        finish(drill=drill, findings="Nobody knew the number", tried=[], viewer=ada, now=at + 20 * MINUTE)
    postmortem = draft_postmortem(incident=incident, by=by, now=at + 21 * MINUTE)
    far = dt.date(2026, 12, 24)
    add_action(postmortem=postmortem, what="Write it down", owner=ada, due=far, by=by, now=at + 22 * MINUTE)
    return incident


def test_each_query_that_leaves_practice_out_is_walked() -> None:
    assert {name for name, speaks in over_many().items() if speaks} == {*FIGURES, *REACTIONS}


def test_a_game_day_counts_in_no_figure_and_reaches_no_customer(world: World) -> None:
    before = read(world)
    incident = held(world)
    assert incident.practice
    after = read(world)
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}
    assert (pages_of(incident), list(living_subscribers(incident))) == ([], [])
    prepare = JOB_KINDS["respond.told"].prepare
    assert prepare is not None
    subjects = {getattr(prepare(job, now=NOW), "subject", "") for job in Job.objects.filter(kind="respond.told")}
    assert all(one == "" or one.startswith("PRACTICE.") for one in subjects)


def test_while_it_is_under_way_nothing_joins_it_and_now_says_what_it_is(world: World) -> None:
    friday, by = world.friday, actor_of(world.friday.cast.ada)
    Incident.objects.filter(pk=friday.incident.pk).update(state="closed", closed_at=NOW)
    drill = plan_drill(
        flow=friday.flow, day=NOW.date(), leader=friday.cast.ada, pretend="Cards are declined", by=by, now=NOW
    )  # fmt: skip
    room = begin(drill=drill, viewer=friday.cast.ada, now=NOW)
    union = Customer.objects.get(name="Bakery Union")
    report = file_report(
        customer=union, flow=friday.flow, symptom="", seen="It fails", by=actor_of(friday.cast.cleo), now=NOW
    )  # fmt: skip
    run_reaction("reactions.report_filed", NOW, report=report.pk)
    report.refresh_from_db()
    assert report.incident is None
    with clock.read_from(lambda: NOW + MINUTE):
        text = world.client.get("/").content.decode()
    assert "Practice is under way." in text
    assert f'href="/incidents/{room.pk}/"' in text
    assert Now(viewer=friday.cast.ada, now=NOW).incidents == []
