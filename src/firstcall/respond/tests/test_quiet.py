"""Quiet hours: a page waits, is not lost, and the path goes on; a severity that breaks them wakes all the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.people.commands.quiet import set_quiet
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.lane import add_lane
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.severity_rule import change_severity_rule
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.queries.waking import rehearse
from firstcall.respond.commands.escalation import bring_in, pass_on, run_step, start_escalation, take_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.page import Page
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC)  # 21:30 in Berlin, in the waking hours of SEV3
MORNING = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)  # 07:00 in Berlin
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    set_quiet(person=cast.ben, starts=dt.time(21), ends=dt.time(7), by=actor_of(cast.ben), now=NOW)
    return cast


@pytest.fixture
def flow(cast: Cast) -> Flow:
    path = set_path(name="Night", steps=[Step(cast.ben, 5), Step(cast.cleo, 10)], by=MACHINE, now=NOW)
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)


def begun(flow: Flow, severity: int) -> Escalation:
    incident = open_incident(
        title="Card payments fail", flow=flow, severity=severity, symptom="", impact_started_at=None, by=MACHINE,
        now=NOW,
    )  # fmt: skip
    run = start_escalation(incident=incident, by=MACHINE, now=NOW)
    assert run is not None
    run_step(escalation_id=run.pk, step=0, now=NOW)
    return run


def pages() -> list[tuple[str, int, dt.datetime]]:
    """Who is paged, at which step, and when the message goes."""
    jobs = {job.payload["page"]: job.due for job in Job.objects.filter(kind="respond.page", state="waiting")}
    rows = Page.objects.filter(pk__in=jobs).select_related("user").order_by("id")
    return [(row.user.name, row.step, jobs[row.pk]) for row in rows]


def sent(now: dt.datetime) -> list[Parcel | Skip]:
    prepare = JOB_KINDS["respond.page"].prepare
    jobs = Job.objects.filter(kind="respond.page", due__lte=now, state="waiting").order_by("id")
    return [prepare(job, now=now) for job in jobs]  # type: ignore[misc]


def test_a_severity_that_breaks_them_wakes_at_once(cast: Cast, flow: Flow) -> None:
    begun(flow, 2)
    assert pages() == [("Ben", 0, NOW)]
    assert not Entry.objects.filter(kind="page.waits").exists()


def test_a_page_waits_and_the_path_goes_on_by_its_clock(cast: Cast, flow: Flow) -> None:
    run = begun(flow, 3)
    assert pages() == [("Ben", 0, MORNING)]
    [told] = Entry.objects.filter(kind="page.waits").select_related("facts")
    assert (told.facts.data["user"], told.facts.data["due_at"]) == ("Ben", MORNING.isoformat())
    run_step(escalation_id=run.pk, step=1, now=NOW + 5 * MINUTE)
    assert pages() == [("Ben", 0, MORNING), ("Cleo", 1, NOW + 5 * MINUTE)]
    run_step(escalation_id=run.pk, step=2, now=NOW + 15 * MINUTE)
    run.refresh_from_db()
    assert (run.state, pages()[-1]) == ("exhausted", ("Ada", 2, NOW + 15 * MINUTE))
    parcels = sent(MORNING)
    assert [one.to for one in parcels if isinstance(one, Parcel)] == [cast.ben.email, cast.cleo.email, cast.ada.email]


def test_who_has_it_meanwhile_lets_the_quiet_sleep_on(cast: Cast, flow: Flow) -> None:
    run = begun(flow, 3)
    take_escalation(escalation=run, user=cast.cleo, by=actor_of(cast.cleo), now=NOW + MINUTE)
    assert (pages(), sent(MORNING)) == ([], [])
    assert Page.objects.get().reason == "Cleo has it"


def test_a_graver_severity_wakes_whoever_waits_and_once(cast: Cast, flow: Flow) -> None:
    add_lane(path=flow.path, kind="other", target=cast.ben, severity=4, by=MACHINE, now=NOW)  # type: ignore[arg-type]
    run, later = begun(flow, 3), NOW + 2 * MINUTE
    change_severity(incident=run.incident, severity=2, by=actor_of(cast.ada), now=later, reason="It stopped for all")
    assert pages() == [("Ben", 0, later)]
    assert Page.objects.get().waits_until is None


def test_a_changed_table_wakes_whoever_waits(cast: Cast, flow: Flow) -> None:
    begun(flow, 3)
    later = NOW + MINUTE
    row = replace(rule_of(3), wakes="always", breaks_quiet=True)
    change_severity_rule(row=row, by=actor_of(cast.ada), now=later)
    job = Job.objects.get(kind="reactions.severity_rule_changed")
    JOB_KINDS[job.kind].store(job, now=later)  # type: ignore[misc]
    assert pages() == [("Ben", 0, later)]


def test_who_is_asked_for_by_name_is_woken(cast: Cast, flow: Flow) -> None:
    run = begun(flow, 3)
    bring_in(incident=run.incident, user=cast.ben, by=actor_of(cast.ada), now=NOW + MINUTE)
    assert pages() == [("Ben", 0, NOW + MINUTE)]
    free = open_incident(
        title="Reports late", flow=None, severity=4, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )
    made = bring_in(incident=free, user=cast.ben, by=actor_of(cast.ada), now=NOW)
    run_step(escalation_id=made.pk, step=0, now=NOW)
    assert pages()[-1] == ("Ben", 0, NOW)


def test_a_quiet_one_does_not_hold_up_who_passes_it_on(cast: Cast) -> None:
    path = set_path(name="Two", steps=[Step(cast.cleo, 30), Step(cast.ada, 10)], by=MACHINE, now=NOW)
    flow = Flow.objects.create(slug="refunds", name="Refunds", criticality="important", path=path)
    run = begun(flow, 3)
    Page.objects.create(
        escalation=run, step=0, user=cast.ben, channel="mail", address="b@example.com", attempt_key="k", nonce="n",
        token_digest="t", planned_at=NOW, waits_until=MORNING,
    )  # fmt: skip
    page = Page.objects.get(user=cast.cleo)
    pass_on(page=page, by=actor_of(cast.cleo), now=NOW + MINUTE)
    run.refresh_from_db()
    assert run.next_at == NOW + MINUTE


def test_who_is_told_beside_them_is_told_in_the_morning(cast: Cast, flow: Flow) -> None:
    assert flow.path is not None
    add_lane(path=flow.path, kind="other", target=cast.ben, severity=4, by=MACHINE, now=NOW)
    run = begun(flow, 3)
    lane = Job.objects.get(kind="respond.lane")
    JOB_KINDS[lane.kind].store(lane, now=NOW)  # type: ignore[misc]
    assert Job.objects.get(kind="respond.told").due == MORNING
    later = NOW + MINUTE
    change_severity(incident=run.incident, severity=2, by=actor_of(cast.ada), now=later, reason="It stopped for all")
    assert Job.objects.get(kind="respond.told").due == later


def test_the_dry_run_says_it(cast: Cast, flow: Flow) -> None:
    run = rehearse(flow, 3, now=NOW)
    assert [(one.user.name, one.waits_until) for line in run.lines for one in line.people] == [
        ("Ben", MORNING), ("Cleo", None)
    ]  # fmt: skip
    assert (run.admins_at, [one.user for one in run.admins]) == (NOW + 15 * MINUTE, [cast.ada])
    assert [one.waits_until for one in run.admins] == [None]
    set_quiet(person=cast.ada, starts=dt.time(20), ends=dt.time(6), by=actor_of(cast.ada), now=NOW)
    assert [one.waits_until for one in rehearse(flow, 3, now=NOW).admins] == [MORNING - 60 * MINUTE]
    assert [one.waits_until for one in rehearse(flow, 1, now=NOW).lines[0].people] == [None]


def test_the_leadership_is_told_at_once_where_the_table_says_so(cast: Cast, flow: Flow) -> None:
    assert flow.path is not None
    add_lane(path=flow.path, kind="leadership", target=cast.dana, after_minutes=30, by=MACHINE, now=NOW)
    begun(flow, 1)
    assert Job.objects.get(kind="respond.lane").due == NOW
    assert [(one.at, one.people[0].user.name) for one in rehearse(flow, 1, now=NOW).told] == [(NOW, "Dana")]
    assert rehearse(flow, 2, now=NOW).told == ()
