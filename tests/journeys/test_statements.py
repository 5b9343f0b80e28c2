"""No page asks the store more often because there is more in it, and none asks often."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstcall.deliver.kinds import MANAGERS
from firstcall.desk.evening import Evening
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.models.source import Source
from firstcall.kernel import clock
from firstcall.learn.commands.action import add_action
from firstcall.learn.commands.postmortem import add_finding
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Postmortem
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_component, add_dependency
from firstcall.ready.commands.customer import add_customer
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule
from firstcall.respond.commands.decision import open_decision
from firstcall.respond.commands.need import ask_need
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.incident import Incident
from tests.architecture.test_permissions import all_routes
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 22, 2, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
MOST = 45  # statements of one page
MORE = 2  # what one more kind of row may add; a list of forty must not show
pytestmark = pytest.mark.django_db


def play(*, start: dt.datetime, whole: bool) -> Incident:
    """One evening, with what the worker does meanwhile; not whole: it is still going on."""
    evening, now = Evening(now=start), start
    for scene in evening.scenes():
        if not whole and scene.happen.__name__ == "identified":
            break
        now += 2 * MINUTE
        scene.happen(now)
        fold_inbox(now=now)
    if whole:
        learn(evening.room(), by=evening.ada)
    return evening.room()


def learn(incident: Incident, *, by: User) -> None:
    postmortem, actor = Postmortem.objects.get(incident=incident), actor_of(by)
    finding = add_finding(
        postmortem=postmortem, text="Nobody watched the second route.", klass="monitoring", means="It gets an alert.",
        by=actor, now=NOW,
    )  # fmt: skip
    add_action(
        postmortem=postmortem, finding=finding, what="Watch the second route", owner=by, due=NOW.date(), by=actor,
        now=NOW,
    )  # fmt: skip


def crowd(incident: Incident, ada: User) -> None:
    """Ten more of whatever a page lists."""
    by = actor_of(ada)
    flow = incident.flow
    assert flow is not None
    for n in range(10):
        play(start=NOW - (n + 2) * DAY, whole=True)
        person = make_person(f"Eve {n}", Access.RESPONDER)
        add_customer(name=f"Bakery {n}", flows=[flow], by=by, now=NOW)
        part = add_component(name=f"Part {n}", owner=person, by=by, now=NOW)
        add_dependency(needs=flow, needed=part, by=by, now=NOW)
        turns = Layer((ada, person), dt.time(9), NOW.date())
        set_schedule(name=f"Nights {n}", zone="Europe/Berlin", layers=[turns], by=by, now=NOW)
        file_report(flow=flow, symptom="transactions", seen="Cards are declined.", who=f"Shop {n}", by=by, now=NOW)
        ask_need(incident=incident, what=f"access {n}", asked_by=person, with_whom=ada, by=by, now=NOW)
        options: Any = [{"title": title, "users": "u", "data": "d", "say": "s"} for title in ("one", "two")]
        open_decision(incident=incident, question=f"Which {n}?", options=options, opened_by=person, by=by, now=NOW)


def one(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk").first()


def addresses(incident: Incident) -> dict[str, str]:
    """A path with real numbers and names for every page that needs none but these."""
    ended = Incident.objects.filter(state="resolved").order_by("pk").first()
    assert ended is not None
    numbers = {
        "person": User, "path": EscalationPath, "path_edit": EscalationPath, "override_add": Schedule,
        "alert": AlertGroup, "alert_answer": AlertGroup, "alert_close": AlertGroup, "key_new": Source,
        "source_end": Source, "report": Report, "action_change": Action, "customer": Customer,
        "customer_edit": Customer,
    }  # fmt: skip
    slugs = {"component": Component, "component_needs": Component, "provider": Provider}
    found = {}
    for name, (path, _view) in all_routes().items():
        if "/incidents/987654/" in path:
            path = path.replace("987654", str(ended.pk if name.startswith("postmortem") else incident.pk), 1)
            path = path.replace("987654", str(one(Decision).pk))
        elif name in numbers:
            path = path.replace("987654", str(one(numbers[name]).pk))
        elif name in slugs:
            path = path.replace("nothing", one(slugs[name]).slug)
        elif path.startswith("/flows/nothing"):
            path = path.replace("nothing", incident.flow.slug)  # type: ignore[union-attr]
        elif "987654" in path:
            path = path.replace("987654", "1")
        found[name] = path
    return found


def statements(client: Client, paths: dict[str, str]) -> dict[str, list[str]]:
    """What each page that answers with itself asked the store."""
    asked = {}
    for name, path in paths.items():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = client.get(path)
        if answer.status_code == 200:
            asked[name] = [query["sql"] for query in seen.captured_queries]
    return asked


def test_a_page_asks_as_often_when_there_is_more() -> None:
    ada = make_person("Ada", Access.ADMIN)
    with clock.read_from(lambda: NOW + 30 * MINUTE):
        play(start=NOW - DAY, whole=True)
        incident = play(start=NOW, whole=False)
        client = Client()
        client.force_login(ada)
        paths = addresses(incident)
        MANAGERS["learn.readiness"].run(now=clock.now())
        statements(client, paths)  # warm: what a process reads once
        few = statements(client, paths)
        crowd(incident, ada)
        MANAGERS["learn.readiness"].run(now=clock.now())  # as the worker does
        many = statements(client, paths)
    assert len(few) > 40
    often = {name: len(asked) for name, asked in many.items() if len(asked) > MOST}
    grown = {name: (len(few[name]), len(many[name])) for name in few if len(many[name]) > len(few[name]) + MORE}
    assert (often, grown) == ({}, {})
