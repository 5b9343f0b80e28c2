"""The digest by mail, and what leaves in time."""

from __future__ import annotations

import datetime as dt
import zlib

import pytest

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.digest import plan_digest
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.group import answer_group
from firstcall.detect.commands.upkeep import clear_old
from firstcall.detect.models.alert import AlertHour
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.tests.incoming import NOW, alert, send
from firstcall.kernel.actor import MACHINE
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
EIGHT = dt.datetime(2026, 11, 21, 7, 59, tzinfo=dt.UTC)  # 08:59 in Berlin
NINE = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _in_berlin(settings: object) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_ZONE": "Europe/Berlin", "FIRSTCALL_DIGEST_HOUR": 9}  # type: ignore[attr-defined]


def prepared(job: Job) -> Parcel | Skip:
    prepare = JOB_KINDS["detect.digest_mail"].prepare
    assert prepare is not None
    return prepare(job, now=NINE)


def test_it_is_mailed_once_a_day_at_its_hour_to_those_who_can_answer(source: Source) -> None:
    cast = make_cast()
    send(source, alert("ReportsSlow", job="reporting"))
    fold_inbox(now=NOW)
    assert plan_digest(now=EIGHT) == 0
    assert plan_digest(now=NINE) == 2
    assert plan_digest(now=NINE + dt.timedelta(hours=3)) == 0
    jobs = Job.objects.filter(kind="detect.digest_mail").order_by("id")
    assert [job.key for job in jobs] == [f"digest:2026-11-21:{cast.ada.pk}", f"digest:2026-11-21:{cast.ben.pk}"]
    parcel = prepared(jobs[1])
    assert isinstance(parcel, Parcel)
    assert (parcel.to, parcel.subject) == ("ben@example.com", "Digest: 1 thing waits")
    assert "Good morning Ben," in parcel.text and "ReportsSlow on reporting" in parcel.text
    assert "/alerts/digest/" in parcel.text and "it touches Reports only" in parcel.html


def test_nothing_is_mailed_when_nothing_waits(source: Source) -> None:
    make_cast()
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    assert (plan_digest(now=NINE), Job.objects.filter(kind="detect.digest_mail").count()) == (0, 0)


def test_a_planned_mail_is_not_sent_when_all_was_answered_meanwhile(source: Source) -> None:
    make_cast()
    send(source, alert("ReportsSlow", job="reporting"))
    fold_inbox(now=NOW)
    plan_digest(now=NINE)
    answer_group(group=AlertGroup.objects.get(), answer="fine", by=MACHINE, now=NINE)
    assert prepared(Job.objects.filter(kind="detect.digest_mail")[0]) == Skip("nothing waits any more")


def test_bodies_leave_after_seven_days_and_what_is_not_folded_stays(source: Source) -> None:
    old = NOW - dt.timedelta(days=8)
    for state, at in ((InboxState.FOLDED, old), (InboxState.PARKED, old), (InboxState.NEW, old), ("folded", NOW)):
        Inbox.objects.create(source=source, kind="generic", received_at=at, body=zlib.compress(b"{}"), state=state)
    AlertHour.objects.create(rule="A", hour=NOW - dt.timedelta(days=401), verdict="page", count=1)
    AlertHour.objects.create(rule="A", hour=NOW - dt.timedelta(days=399), verdict="page", count=1)
    assert clear_old(now=NOW) == 3
    assert list(Inbox.objects.order_by("id").values_list("state", "received_at")) == [("new", old), ("folded", NOW)]
    assert AlertHour.objects.count() == 1
    assert clear_old(now=NOW) == 0
