"""An escalation runs by itself until someone has it, and is loud when nobody does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.escalation import (
    acknowledge,
    bring_in,
    end_escalations,
    give_up_waiting,
    pass_on,
    run_step,
    start_escalation,
    take_escalation,
)
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.page import briefing_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return open_incident(
        title="Card payments fail",
        flow=None,
        severity=1,
        symptom="failing transactions",
        impact_started_at=NOW - 2 * MINUTE,
        by=MACHINE,
        now=NOW,
    )


def step(user: User | None, wait: int = 5) -> dict[str, Any]:
    return {"wait_minutes": wait, "schedule": None, "user": user.pk if user else 0}


def started(incident: Incident, *steps: dict[str, Any]) -> Escalation:
    escalation = start_escalation(incident=incident, by=MACHINE, now=NOW, plan={"path": "Night", "steps": [*steps]})
    assert escalation is not None
    return escalation


def told(incident: Incident) -> list[str]:
    return [entry.kind for entry in reversed(entries_of(incident))]


def waiting(kind: str) -> list[Job]:
    return list(Job.objects.filter(kind=kind, state="waiting").order_by("id"))


def test_the_first_step_pages_and_the_next_is_planned(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    assert [job.payload["step"] for job in waiting("respond.escalation_step")] == [0]
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    page = Page.objects.get()
    assert (page.user, page.channel, page.address) == (cast.ben, "mail", "ben@example.com")
    assert page.attempt_key == f"{incident.pk}:1:0:{cast.ben.pk}:mail"
    [send] = waiting("respond.page")
    assert (send.key, send.rank, send.lane) == (f"page:{page.attempt_key}", 0, "page")
    jobs = waiting("respond.escalation_step")
    assert [(job.payload["step"], job.due) for job in jobs][-1] == (1, NOW + 5 * MINUTE)
    assert told(incident) == ["incident.opened", "escalation.started", "escalation.step_run"]


def test_a_step_runs_once_however_often_its_job_comes(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    for _ in range(3):
        run_step(escalation_id=escalation.pk, step=0, now=NOW)
    assert Page.objects.count() == 1
    assert told(incident).count("escalation.step_run") == 1


def test_a_step_that_comes_too_early_waits(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    before = len(waiting("respond.escalation_step"))
    run_step(escalation_id=escalation.pk, step=1, now=NOW + MINUTE)
    assert Page.objects.count() == 1
    assert len(waiting("respond.escalation_step")) == before + 1


def test_a_step_with_nobody_is_skipped_at_once_and_told(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(None), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    assert [page.user for page in Page.objects.all()] == [cast.ada]
    assert told(incident)[2:] == ["escalation.step_skipped", "escalation.step_run"]


def test_when_nobody_answers_all_admins_are_told(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    run_step(escalation_id=escalation.pk, step=1, now=NOW + 5 * MINUTE)
    escalation.refresh_from_db()
    assert (escalation.state, escalation.ended_at) == ("exhausted", NOW + 5 * MINUTE)
    assert [page.user for page in Page.objects.filter(step=1)] == [cast.ada]
    assert told(incident)[-1] == "escalation.exhausted"
    acknowledge(page=Page.objects.get(step=0), by=actor_of(cast.ben), now=NOW + 9 * MINUTE)
    escalation.refresh_from_db()
    assert (escalation.state, escalation.acknowledged_by) == ("acknowledged", cast.ben)


def test_a_plan_without_steps_tells_all_admins_at_once(cast: Cast, incident: Incident) -> None:
    escalation = started(incident)
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    escalation.refresh_from_db()
    assert escalation.state == "exhausted"
    assert [page.user for page in Page.objects.all()] == [cast.ada]


def test_i_have_it_ends_the_run_and_gives_the_technical_lead(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    page = Page.objects.get()
    link = Actor("link", cast.ben.pk, cast.ben.name)
    acknowledge(page=page, by=link, now=NOW + 2 * MINUTE)
    acknowledge(page=page, by=link, now=NOW + 3 * MINUTE)
    escalation.refresh_from_db()
    assert (escalation.state, escalation.acknowledged_by, escalation.acknowledged_at) == (
        "acknowledged",
        cast.ben,
        NOW + 2 * MINUTE,
    )
    assert waiting("respond.escalation_step") == []
    assert told(incident)[-2:] == ["page.acknowledged", "role.taken"]
    facts = Entry.objects.get(kind="page.acknowledged").facts.data
    assert facts["link_words"] == " (by link sent to ben@example.com)"
    assert facts["seconds"] == 120
    run_step(escalation_id=escalation.pk, step=1, now=NOW + 5 * MINUTE)
    assert Page.objects.count() == 1


def test_what_someone_has_nobody_else_can_take(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben, 1), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    run_step(escalation_id=escalation.pk, step=1, now=NOW + MINUTE)
    ben, ada = Page.objects.order_by("step")
    acknowledge(page=ben, by=actor_of(cast.ben), now=NOW + 2 * MINUTE)
    before = Entry.objects.count()
    for act in (acknowledge, pass_on):
        with pytest.raises(Refused, match="Ben has it already"):
            act(page=ada, by=actor_of(cast.ada), now=NOW + 3 * MINUTE)
    assert Entry.objects.count() == before
    ada.refresh_from_db()
    assert (ada.answer, ada.reason) == ("", "Ben has it")


def test_passing_on_runs_the_next_step_at_once(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    page = Page.objects.get()
    pass_on(page=page, by=actor_of(cast.ben), now=NOW + MINUTE)
    pass_on(page=page, by=actor_of(cast.ben), now=NOW + MINUTE)
    [job] = [job for job in waiting("respond.escalation_step") if job.payload["step"] == 1]
    assert job.due == NOW + MINUTE
    run_step(escalation_id=escalation.pk, step=1, now=NOW + MINUTE)
    assert [page.user for page in Page.objects.order_by("step")] == [cast.ben, cast.ada]
    assert told(incident).count("page.passed_on") == 1


def test_several_are_paged_at_once_and_the_next_comes_when_all_have_said_no(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben, 0), step(cast.ada), step(cast.dana))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    ben, ada = Page.objects.order_by("pk")
    assert [(page.user, page.step) for page in (ben, ada)] == [(cast.ben, 0), (cast.ada, 1)]
    assert told(incident)[2:] == ["escalation.step_run"]
    escalation.refresh_from_db()
    assert (escalation.step, escalation.next_at) == (1, NOW + 5 * MINUTE)
    brief = briefing_of(ben, viewer=cast.ben, now=NOW)
    assert (brief.next_name, brief.next_at) == ("Dana", NOW + 5 * MINUTE)
    pass_on(page=ada, by=actor_of(cast.ada), now=NOW + MINUTE)
    escalation.refresh_from_db()
    assert escalation.next_at == NOW + 5 * MINUTE  # Ben may still have it
    pass_on(page=ben, by=actor_of(cast.ben), now=NOW + 2 * MINUTE)
    escalation.refresh_from_db()
    assert escalation.next_at == NOW + 2 * MINUTE
    run_step(escalation_id=escalation.pk, step=2, now=NOW + 2 * MINUTE)
    assert Page.objects.latest("pk").user == cast.dana


def test_one_of_several_who_has_it_ends_the_run_and_a_refused_page_waits_for_the_others(
    cast: Cast, incident: Incident
) -> None:
    escalation = started(incident, step(cast.ben, 0), step(cast.ada), step(cast.dana))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    ben, ada = Page.objects.order_by("pk")
    Page.objects.filter(pk=ada.pk).update(reason="refused")
    give_up_waiting(page=ada, now=NOW + MINUTE)
    escalation.refresh_from_db()
    assert (escalation.state, escalation.next_at) == ("running", NOW + 5 * MINUTE)
    acknowledge(page=ben, by=actor_of(cast.ben), now=NOW + MINUTE)
    assert {job.kind for job in Job.objects.filter(state="waiting")} & {"respond.escalation_step"} == set()


def test_a_link_is_dead_after_a_day(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    with pytest.raises(Gone):
        acknowledge(page=Page.objects.get(), by=actor_of(cast.ben), now=NOW + dt.timedelta(days=1))
    escalation.refresh_from_db()
    assert escalation.acknowledged_by is None


def test_from_the_room_anyone_may_take_it(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben))
    take_escalation(escalation=escalation, user=cast.ada, by=actor_of(cast.ada), now=NOW)
    take_escalation(escalation=escalation, user=cast.ada, by=actor_of(cast.ada), now=NOW + MINUTE)
    with pytest.raises(Refused):
        take_escalation(escalation=escalation, user=cast.ben, by=actor_of(cast.ben), now=NOW)
    assert RoleHolding.objects.get().user == cast.ada
    assert told(incident).count("page.acknowledged") == 1


def test_starting_twice_gives_the_run_under_way(cast: Cast, incident: Incident) -> None:
    assert started(incident, step(cast.ben)) == started(incident, step(cast.ada))
    assert Escalation.objects.count() == 1


def test_a_second_run_is_a_new_generation(cast: Cast, incident: Incident) -> None:
    first = started(incident, step(cast.ben))
    run_step(escalation_id=first.pk, step=0, now=NOW)
    take_escalation(escalation=first, user=cast.ada, by=actor_of(cast.ada), now=NOW)
    second = started(incident, step(cast.ben))
    run_step(escalation_id=second.pk, step=0, now=NOW)
    assert [page.attempt_key for page in Page.objects.order_by("id")] == [
        f"{incident.pk}:1:0:{cast.ben.pk}:mail",
        f"{incident.pk}:2:0:{cast.ben.pk}:mail",
    ]


def test_the_end_of_the_incident_ends_the_run(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben))
    end_escalations(incident=incident, by=MACHINE, now=NOW, reason="it is no incident")
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    assert Page.objects.count() == 0
    assert waiting("respond.escalation_step") == []
    assert told(incident)[-1] == "escalation.ended"


def test_bringing_someone_in_joins_the_run_or_makes_one(cast: Cast, incident: Incident) -> None:
    alone = bring_in(incident=incident, user=cast.dana, by=actor_of(cast.ada), now=NOW)
    assert alone.plan["steps"] == [{"wait_minutes": 5, "schedule": None, "user": cast.dana.pk, "by_name": True}]
    run_step(escalation_id=alone.pk, step=0, now=NOW)
    assert bring_in(incident=incident, user=cast.ben, by=actor_of(cast.ada), now=NOW) == alone
    assert {page.user for page in Page.objects.all()} == {cast.dana, cast.ben}


def test_a_page_refused_for_good_runs_the_next_step_at_once(cast: Cast, incident: Incident) -> None:
    escalation = started(incident, step(cast.ben), step(cast.ada))
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    Page.objects.update(reason="no such mailbox")
    give_up_waiting(page=Page.objects.get(), now=NOW + MINUTE)
    [job] = [job for job in waiting("respond.escalation_step") if job.payload["step"] == 1]
    assert job.due == NOW + MINUTE
