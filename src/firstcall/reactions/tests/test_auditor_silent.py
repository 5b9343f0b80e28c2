"""Every admin hears that the watchdog is silent, by each way they have, and nobody else."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from firstcall.deliver.commands.lapse import begin_lapse, end_lapse
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.people.models.contact import ContactMethod
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
SINCE = NOW - dt.timedelta(seconds=61)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    for kind, address in (("mail", "ada@example.com"), ("webhook", "https://hooks.example.com/ada")):
        ContactMethod.objects.create(user=cast.ada, kind=kind, address=address, verified_at=NOW)
    ContactMethod.objects.create(user=cast.ben, kind="mail", address="ben@example.com", verified_at=NOW)
    return cast


def react() -> None:
    store = JOB_KINDS["reactions.auditor_silent"].store
    assert store is not None
    for job in Job.objects.filter(kind="reactions.auditor_silent", state="waiting"):
        store(job, now=NOW)
        Job.objects.filter(pk=job.pk).update(state="done")


def prepared(end: bool) -> dict[str, Parcel | Skip]:
    prepare = JOB_KINDS["reactions.auditor_word"].prepare
    assert prepare is not None
    words = Job.objects.filter(kind="reactions.auditor_word")
    return {job.payload["to"]: prepare(job, now=NOW) for job in words if job.payload["end"] is end}


def test_admins_hear_by_each_way(cast: Cast) -> None:
    begin_lapse(node="n", since=SINCE, now=NOW)
    react()
    react()
    said = prepared(end=False)
    assert set(said) == {"ada@example.com", "https://hooks.example.com/ada"}
    mail, hook = said["ada@example.com"], said["https://hooks.example.com/ada"]
    assert isinstance(mail, Parcel)
    assert isinstance(hook, Parcel)
    assert mail.subject == "Firstcall's watchdog is silent since 23:10 CET"
    assert json.loads(hook.body)["silent"] is True


def test_what_is_over_before_it_could_leave_is_not_said_but_its_end_is(cast: Cast) -> None:
    begin_lapse(node="n", since=SINCE, now=NOW)
    react()
    end_lapse(node="n", now=NOW)
    react()
    assert prepared(end=False)["ada@example.com"] == Skip("it is heard again")
    back = prepared(end=True)["ada@example.com"]
    assert isinstance(back, Parcel)
    assert back.subject == "Firstcall's watchdog is heard again"
    assert end_lapse(node="n", now=NOW) is None
