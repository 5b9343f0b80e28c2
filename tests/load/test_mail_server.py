"""A mail server that hangs up, falls silent or says 'later' after the data: the mail arrives, and a doubt is said.

The sending is the worker's own (lease, send, result, each committed); an invented clock skips its pauses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from firstcall.deliver.channels.mail import transport
from firstcall.deliver.channels.mail.transport import MailChannel
from firstcall.deliver.commands.lease import carry, claim_jobs, settle_results
from firstcall.deliver.models.job import Attempt, Job, State
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.ready.commands.path import Step, set_path
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.entry import entries_of
from tests.cast import make_cast
from tests.sinks import SmtpSink

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        settings.ENV = {**settings.ENV, "EMAIL_URL": server.url}
        yield server


@pytest.fixture
def page() -> Page:
    """Ben's page, planned and waiting to be sent."""
    set_path(name="Night", steps=[Step(make_cast().ben, 60)], by=MACHINE, now=NOW)
    incident = open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=NOW, reason="", by=MACHINE,
        now=NOW,
    )  # fmt: skip
    start_escalation(incident=incident, by=MACHINE, now=NOW)
    work(NOW)
    return Page.objects.get()


def work(now: dt.datetime) -> None:
    """One round of the worker's lane of pages."""
    with clock.read_from(lambda: now):
        claims = claim_jobs(lane="page", now=now, at_most=1)
        settle_results([carry(claim, channels={"mail": MailChannel()}, now=now) for claim in claims], now=now)


def work_until_sent() -> Job:
    """Round after round at the next due time; the job as it ended, after ten tries at most."""
    for _ in range(10):
        job = Job.objects.get(kind="respond.page")
        if job.state != State.WAITING:
            break
        work(job.due)
    return job


def ids(sink: SmtpSink) -> list[str]:
    return [str(mail.message["Message-ID"]) for mail in sink.to("ben@example.com")]


def doubt(page: Page) -> tuple[bool, bool, bool]:
    """Whether the page, its attempts and the incident's timeline say 'possibly sent twice'."""
    page.refresh_from_db()
    entry = entries_of(page.escalation.incident).get(kind="page.sent")
    labelled = Attempt.objects.filter(job__kind="respond.page", maybe_twice=True).exists()
    return page.maybe_twice, labelled, bool(entry.facts.data["doubt"])


@pytest.mark.parametrize("fault", ["drop", "silent"])
def test_an_answer_that_never_came_gives_the_same_mail_again_and_the_doubt_is_said(
    sink: SmtpSink, page: Page, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SECONDS", 1.5)
    sink.coming = [fault]
    job = work_until_sent()
    assert (job.state, job.tries) == (State.DONE, 2)
    assert len(ids(sink)) == 2 and len(set(ids(sink))) == 1
    assert doubt(page) == (True, True, True)
    first = Attempt.objects.filter(job=job).order_by("fence")[0]
    assert (first.outcome, first.maybe_twice) == ("unknown", False)


def test_three_doubtful_tries_are_three_mails_of_one_id(sink: SmtpSink, page: Page) -> None:
    sink.coming = ["drop", "drop", "451 later", "drop"]
    job = work_until_sent()
    assert (job.state, job.tries) == (State.DONE, 5)
    assert len(ids(sink)) == 4 and len(set(ids(sink))) == 1
    assert doubt(page) == (True, True, True)


@pytest.mark.parametrize("answer", ["451 greylisted", "421 going down", "452 too much"])
def test_later_said_after_the_data_is_no_doubt(sink: SmtpSink, page: Page, answer: str) -> None:
    sink.coming = [answer, answer]
    job = work_until_sent()
    assert (job.state, job.tries) == (State.DONE, 3)
    assert len(ids(sink)) == 1
    assert doubt(page) == (False, False, False)


def test_an_honest_server_has_each_mail_once(sink: SmtpSink, page: Page) -> None:
    job = work_until_sent()
    assert (job.state, job.tries) == (State.DONE, 1)
    assert len(ids(sink)) == 1
    assert doubt(page) == (False, False, False)
