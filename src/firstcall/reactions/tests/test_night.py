"""What breaks at night and can wait: it waits as a job, says why, and is thought over when the severity changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job
from firstcall.journal.kinds import present
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.reactions.tests.test_group_paged import make_group
from firstcall.ready.commands.path import Step, choose_path, set_path
from firstcall.ready.commands.severity_rule import change_severity_rule
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.queries.waking import rehearse
from firstcall.respond.commands.escalation import bring_in, start_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.entry import entries_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 11, 21, 1, 30, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WAITS = "Nobody is woken now. SEV3 wakes nobody at night: it pages from 08:00 until 22:00."


@pytest.fixture
def flow(cast: Cast) -> Flow:
    path = set_path(name="Night", steps=[Step(cast.ben, 5), Step(cast.ada, 10)], by=MACHINE, now=NIGHT)
    return Flow.objects.create(slug="refunds", name="Refunds", criticality="important", path=path)


def broken(flow: Flow | None, severity: int = 3) -> Incident:
    incident = open_incident(
        title="Refunds are slow", flow=flow, severity=severity, symptom="", impact_started_at=None, by=MACHINE,
        now=NIGHT,
    )  # fmt: skip
    start_escalation(incident=incident, by=MACHINE, now=NIGHT)
    return incident


def told(incident: Incident) -> list[str]:
    rows = reversed(entries_of(incident))
    return [present(row.kind, by=row.by_name, facts=row.facts.data) for row in rows][1:]


def due() -> list[dt.datetime]:
    return list(Job.objects.filter(kind="respond.escalation_step", state="waiting").values_list("due", flat=True))


def work(until: dt.datetime) -> None:
    """Run the steps of escalations that are due, in their order."""
    store = JOB_KINDS["respond.escalation_step"].store
    assert store is not None
    while (
        job := Job.objects.filter(kind="respond.escalation_step", state="waiting", due__lte=until)
        .order_by("due")
        .first()
    ):
        Job.objects.filter(pk=job.pk).update(state="done")
        store(job, now=job.due)


def paged() -> list[tuple[dt.datetime, str]]:
    return [
        (page.planned_at, page.user.name) for page in Page.objects.select_related("user").order_by("planned_at", "pk")
    ]


def test_it_waits_as_a_job_until_the_morning(flow: Flow) -> None:
    incident = broken(flow)
    assert due() == [MORNING]
    assert told(incident) == [WAITS]
    work(MORNING - MINUTE)
    assert paged() == []
    run = rehearse(flow, 3, now=NIGHT)
    work(MORNING + 20 * MINUTE)
    assert paged()[:2] == [(MORNING, "Ben"), (MORNING + 5 * MINUTE, "Ada")]
    assert paged()[:2] == [(line.at, line.people[0].user.name) for line in run.lines]
    assert paged()[2] == (run.admins_at, "Ada")


def test_the_room_says_why_and_lets_a_person_page_now(client: Client, cast: Cast, flow: Flow) -> None:
    incident = broken(flow)
    client.force_login(cast.ben)
    with clock.read_from(lambda: NIGHT + MINUTE):
        page = client.get(f"/incidents/{incident.pk}/?view=all").content.decode()
        assert "SEV3 wakes nobody at night: it pages from 08:00 until 22:00." in page
        assert "Page them now" in page
        client.post(f"/incidents/{incident.pk}/wake/")
    assert due() == [NIGHT + MINUTE]
    work(NIGHT + MINUTE)
    assert paged() == [(NIGHT + MINUTE, "Ben")]


def test_a_graver_severity_wakes_at_once_along_its_own_path(cast: Cast, flow: Flow) -> None:
    grave = set_path(name="Grave", steps=[Step(cast.dana, 5)], by=MACHINE, now=NIGHT)
    choose_path(flow=flow, severity=1, path=grave, by=MACHINE, now=NIGHT)
    incident = broken(flow)
    change_severity(incident=incident, severity=1, by=actor_of(cast.ada), now=NIGHT + MINUTE, reason="money is lost")
    work(NIGHT + MINUTE)
    assert paged() == [(NIGHT + MINUTE, "Dana")]
    assert Escalation.objects.get().plan["path"] == "Grave"


def test_a_lighter_one_waits_no_more_and_a_graver_one_after_that_wakes(cast: Cast, flow: Flow) -> None:
    incident = broken(flow)
    by = actor_of(cast.ada)
    change_severity(incident=incident, severity=4, by=by, now=NIGHT + MINUTE, reason="hardly any")
    assert (due(), Escalation.objects.get().state) == ([], "ended")
    change_severity(incident=incident, severity=2, by=by, now=NIGHT + 2 * MINUTE, reason="it grows")
    work(NIGHT + 2 * MINUTE)
    assert paged() == [(NIGHT + 2 * MINUTE, "Ben")]


def test_another_table_is_thought_over_at_once(cast: Cast, flow: Flow) -> None:
    broken(flow)
    by, react = actor_of(cast.ada), JOB_KINDS["reactions.severity_rule_changed"].store
    assert react is not None
    change_severity_rule(row=replace(rule_of(3), waking_from=6), by=by, now=NIGHT + MINUTE)
    react(Job.objects.filter(kind="reactions.severity_rule_changed").latest("pk"), now=NIGHT + MINUTE)
    assert due() == [MORNING - 120 * MINUTE]
    change_severity_rule(row=replace(rule_of(3), wakes="always"), by=by, now=NIGHT + 2 * MINUTE)
    react(Job.objects.filter(kind="reactions.severity_rule_changed").latest("pk"), now=NIGHT + 2 * MINUTE)
    work(NIGHT + 2 * MINUTE)
    assert paged() == [(NIGHT + 2 * MINUTE, "Ben")]


def test_who_is_brought_in_at_night_is_paged_again_in_the_morning(cast: Cast, flow: Flow) -> None:
    incident = broken(flow)
    bring_in(incident=incident, user=cast.ben, by=actor_of(cast.ada), now=NIGHT + MINUTE)
    assert paged() == [(NIGHT + MINUTE, "Ben")]
    work(MORNING)
    assert paged() == [(NIGHT + MINUTE, "Ben"), (MORNING, "Ben")]


def test_what_wakes_nobody_says_so(flow: Flow) -> None:
    incident = broken(flow, 4)
    assert told(incident) == ["Nobody is woken now. SEV4 wakes nobody: it waits for the digest."]
    assert (due(), Escalation.objects.count()) == ([], 0)


def test_by_day_it_pages_at_once(flow: Flow) -> None:
    incident = open_incident(
        title="Refunds are slow", flow=flow, severity=3, symptom="", impact_started_at=None, by=MACHINE, now=MORNING
    )
    start_escalation(incident=incident, by=MACHINE, now=MORNING)
    assert due() == [MORNING]
    assert told(incident) == ["Firstcall started the escalation path Night"]


@pytest.mark.parametrize(("severity", "raw"), [("critical", ""), ("error", "not { json")])
def test_what_nobody_can_tell_to_be_harmless_wakes_at_any_hour(cast: Cast, severity: str, raw: str) -> None:
    set_path(name="Night", steps=[Step(cast.ben, 5)], by=MACHINE, now=NIGHT)
    group = make_group(None, key="source:1", severity=severity, raw=raw)
    react = JOB_KINDS["reactions.group_paged"].store
    assert react is not None
    react(Job(kind="reactions.group_paged", payload={"group": group.pk}), now=NIGHT)
    work(NIGHT)
    assert paged() == [(NIGHT, "Ben")]
    assert Incident.objects.get().severity == 2
