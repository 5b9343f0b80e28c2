"""The page behind the link: looking never acts, answering does, every wrong link is the same 404."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Refusal, Sent, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.contact import ContactMethod
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.schedule import Override, Schedule
from firstcall.respond.commands.escalation import acknowledge, bring_in, run_step, start_escalation
from firstcall.respond.commands.incident import open_incident, restrict_incident
from firstcall.respond.commands.page import token_of
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.entry import entries_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


class Watch:
    """A clock that stands until it is moved."""

    now = NOW


@pytest.fixture
def watch() -> Iterator[Watch]:
    held = Watch()
    cache.clear()
    with clock.read_from(lambda: held.now):
        yield held


@pytest.fixture
def incident(cast: Cast) -> Incident:
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    part = Component.objects.create(slug="payments", name="Payments", first_steps="Read the last 20 errors.")
    Dependency.objects.create(flow=flow, component=part)
    for name in ("Bakery Union", "Harbour Grill"):
        Customer.objects.create(name=name).flows.add(flow)
    return open_incident(
        title="card payments fail",
        flow=flow,
        severity=1,
        symptom="Transactions fail",
        error="CG-504 authorisation timed out",
        impact_started_at=NOW - 2 * MINUTE,
        reason="Paged, because Checkout is critical and this is its peak.",
        by=MACHINE,
        now=NOW,
    )


def paged(incident: Incident, *steps: dict[str, Any]) -> Page:
    escalation = start_escalation(incident=incident, by=MACHINE, now=NOW, plan={"path": "Night", "steps": [*steps]})
    assert escalation is not None
    run_step(escalation_id=escalation.pk, step=0, now=NOW)
    return Page.objects.get(step=0)


def step(user: int | None = None, schedule: int | None = None) -> dict[str, Any]:
    return {"wait_minutes": 5, "schedule": schedule, "user": user}


def job_of(page: Page) -> Job:
    return Job.objects.get(kind="respond.page", payload__page=page.pk)


def prepare(page: Page, *, now: dt.datetime = NOW) -> Parcel | Skip:
    kind = JOB_KINDS["respond.page"]
    assert kind.prepare is not None
    return kind.prepare(job_of(page), now=now)


def told(incident: Incident) -> list[str]:
    return [entry.kind for entry in reversed(entries_of(incident))]


def test_the_mail_works_on_a_lock_screen_and_carries_the_link(cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk), step(cast.ada.pk))
    parcel = prepare(page)
    assert isinstance(parcel, Parcel)
    assert (
        parcel.subject
        == "SEV1 Checkout: card payments fail since 22:54, 2 customers. You are asked because the path names you."
    )
    assert (parcel.channel, parcel.to, parcel.key) == ("mail", "ben@example.com", f"page:{page.attempt_key}")
    link = f"/p/{token_of(page)}/"
    assert link in parcel.text
    assert link in parcel.html
    for words in (
        "Symptom: Transactions fail",
        "Exact error: CG-504 authorisation timed out",
        "Since: 22:54 CET",
        "Why this woke you: Paged, because Checkout is critical and this is its peak.",
        "1. Read the last 20 errors.",
        "Without an answer it goes on to Ada at 23:01 CET.",
    ):
        assert words in parcel.text
    assert prepare(page) == parcel


def test_a_webhook_gets_the_same_facts(cast: Cast, incident: Incident) -> None:
    ContactMethod.objects.create(user=cast.ben, kind="webhook", address="https://hook.example.com/x", verified_at=NOW)
    page = paged(incident, step(cast.ben.pk))
    parcel = prepare(page)
    assert isinstance(parcel, Parcel)
    assert (parcel.channel, parcel.to) == ("webhook", "https://hook.example.com/x")
    body = json.loads(parcel.body)
    assert (body["incident"], body["severity"], body["customers"]) == (incident.reference, 1, 2)
    assert body["id"] == parcel.key == f"page:{incident.pk}:1:0:{cast.ben.pk}:webhook"
    assert body["link"].endswith(f"/p/{token_of(page)}/")


def test_a_restricted_incident_says_its_number_and_nothing_else(cast: Cast, incident: Incident) -> None:
    restrict_incident(incident=incident, restricted=True, named=[cast.ben], by=actor_of(cast.ada), now=NOW)
    parcel = prepare(paged(incident, step(cast.ben.pk)))
    assert isinstance(parcel, Parcel)
    assert parcel.subject == f"{incident.reference}, restricted. You are asked for."
    for secret in ("card", "Checkout", "CG-504", "SEV1"):
        assert secret not in parcel.subject + parcel.text + parcel.html


def test_what_someone_has_is_not_sent_any_more(cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk))
    acknowledge(page=page, by=actor_of(cast.ben), now=NOW)
    assert prepare(page) == Skip("Ben has it")


def test_a_shift_that_changed_before_the_sending_pages_the_next_person(cast: Cast, incident: Incident) -> None:
    schedule = Schedule.objects.create(name="Night", zone="Europe/Berlin")
    for user, start, end in ((cast.ben, -60, 1), (cast.ada, 1, 60)):
        Override.objects.create(schedule=schedule, user=user, starts=NOW + start * MINUTE, ends=NOW + end * MINUTE)
    page = paged(incident, step(schedule=schedule.pk))
    assert page.user == cast.ben
    assert prepare(page, now=NOW + 2 * MINUTE) == Skip("Ada is on call now")
    assert prepare(page, now=NOW + 2 * MINUTE) == Skip("Ada is on call now")
    assert [one.user for one in Page.objects.order_by("id")] == [cast.ben, cast.ada]
    assert told(incident).count("page.handed_over") == 1


def test_it_says_why_one_is_woken_and_who_was_asked_by_name_is_not_handed_over(cast: Cast, incident: Incident) -> None:
    schedule = Schedule.objects.create(name="Night", zone="Europe/Berlin")
    Override.objects.create(schedule=schedule, user=cast.ben, starts=NOW - 60 * MINUTE, ends=NOW + 60 * MINUTE)
    first = paged(incident, step(schedule=schedule.pk), step(cast.ada.pk))
    bring_in(incident=incident, user=cast.dana, by=actor_of(cast.ada), now=NOW)
    run_step(escalation_id=first.escalation_id, step=1, now=NOW + 5 * MINUTE)
    said = {
        page.user.name: (page.because, parcel.subject.rpartition("2 customers. ")[2])
        for page in Page.objects.select_related("user")
        if isinstance(parcel := prepare(page, now=NOW + 5 * MINUTE), Parcel)
    }
    assert said == {
        "Ben": ("on_call", "You are on call."),
        "Dana": ("asked", "You are asked to help."),
        "Ada": ("named", "You are asked because the path names you."),
    }


def test_how_many_customers_is_not_known_while_none_is_listed(cast: Cast, incident: Incident) -> None:
    Customer.objects.all().delete()
    parcel = prepare(paged(incident, step(cast.ben.pk)))
    assert isinstance(parcel, Parcel)
    assert parcel.subject.endswith("since 22:54. You are asked because the path names you.")


@pytest.mark.parametrize(("twice", "doubt"), [(False, ""), (True, ", possibly sent twice")])
def test_what_was_sent_is_told_once_with_its_doubt(cast: Cast, incident: Incident, twice: bool, doubt: str) -> None:
    page = paged(incident, step(cast.ben.pk))
    for _ in range(2):
        JOB_KINDS["respond.page"].settled(job_of(page), now=NOW, result=Sent(maybe_twice=twice))
    page.refresh_from_db()
    assert (page.sent_at, page.maybe_twice) == (NOW, twice)
    assert told(incident).count("page.sent") == 1
    assert Entry.objects.get(kind="page.sent").facts.data["doubt"] == doubt


def test_a_refusal_for_good_is_told_and_runs_the_next_step(cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk), step(cast.ada.pk))
    JOB_KINDS["respond.page"].settled(job_of(page), now=NOW, result=Refusal("no such mailbox"))
    assert told(incident)[-1] == "page.failed"
    due = Job.objects.filter(kind="respond.escalation_step", state="waiting", payload__step=1)
    assert [job.due for job in due] == [NOW]


def test_looking_never_acts_and_answering_does(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk), step(cast.ada.pk))
    path = f"/p/{token_of(page)}/"
    for _ in range(2):
        shown = client.get(path)
        assert shown.status_code == 200
    assert (shown["Cache-Control"], shown["Referrer-Policy"]) == ("no-store", "no-referrer")
    text = shown.content.decode()
    for words in (
        "card payments fail",
        "Ben, you are asked because the path names you",
        "I have it",
        "pass it on",
        "CG-504",
        "Ada",
    ):
        assert words in text
    assert Escalation.objects.get().state == "running"
    assert "sessionid" not in client.cookies
    watch.now = NOW + 2 * MINUTE
    answer = client.post(path, {"answer": "have_it"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    client.post(path, {"answer": "have_it"})
    assert Escalation.objects.get().acknowledged_by == cast.ben
    assert told(incident).count("page.acknowledged") == 1
    entry = Entry.objects.get(kind="page.acknowledged")
    assert (entry.by_kind, entry.facts.data["link_words"]) == ("link", " (by link sent to ben@example.com)")
    assert "You have it" in client.get(path).content.decode()


def test_passing_on_by_link(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk), step(cast.ada.pk))
    path = f"/p/{token_of(page)}/"
    client.post(path, {"answer": "pass_on"})
    text = client.get(path).content.decode()
    assert "You passed it on" in text
    assert "I have it after all" in text
    client.post(path, {"answer": "have_it"})
    assert Escalation.objects.get().acknowledged_by == cast.ben


def test_an_answer_nobody_knows_changes_nothing(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk))
    assert client.post(f"/p/{token_of(page)}/", {"answer": "maybe"}).status_code == 422
    assert Escalation.objects.get().state == "running"


def test_every_dead_link_is_the_same_404(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk), step(cast.ada.pk))
    run_step(escalation_id=page.escalation_id, step=1, now=NOW + 5 * MINUTE)
    ada = Page.objects.get(step=1)
    acknowledge(page=page, by=actor_of(cast.ben), now=NOW + 6 * MINUTE)
    taken = client.get(f"/p/{token_of(ada)}/")
    wrong = client.get("/p/0123456789abcdef/")
    watch.now = NOW + dt.timedelta(days=1, minutes=6)
    old = client.get(f"/p/{token_of(page)}/")
    assert [one.status_code for one in (taken, wrong, old)] == [404, 404, 404]
    assert client.post("/p/0123456789abcdef/", {"answer": "have_it"}).status_code == 404


def test_guessing_is_slowed_down(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    page = paged(incident, step(cast.ben.pk))
    codes = [client.get(f"/p/guess{n}/").status_code for n in range(21)]
    assert codes == [404] * 20 + [429]
    assert client.post(f"/p/{token_of(page)}/", {"answer": "have_it"}, REMOTE_ADDR="127.0.0.9").status_code == 302


def test_a_restricted_page_shows_its_number_alone(client: Client, watch: Watch, cast: Cast, incident: Incident) -> None:
    restrict_incident(incident=incident, restricted=True, named=[cast.ben], by=actor_of(cast.ada), now=NOW)
    page = paged(incident, step(cast.ben.pk))
    text = client.get(f"/p/{token_of(page)}/").content.decode()
    assert f"{incident.reference}, restricted" in text
    for secret in ("card payments", "Checkout", "CG-504", "SEV1"):
        assert secret not in text
