"""People who work for hours are asked whether they are all right."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job, State
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.care_check import answer_care, see_to_care
from firstcall.respond.commands.incident import accept_incident, change_state, open_incident
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.models.care_check import CareCheck
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.care_check import care_check_of, open_care_checks
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def at(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    row = open_incident(
        title="Card payments fail", flow=None, severity=3, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )
    accept_incident(incident=row, by=actor_of(cast.ada), now=NOW)
    take_role(incident=row, role="technical_lead", user=cast.ben, by=actor_of(cast.ben), now=NOW)
    return row


def waiting() -> list[dt.datetime]:
    jobs = Job.objects.filter(kind="respond.care_check", state=State.WAITING)
    return list(jobs.order_by("due").values_list("due", flat=True))


def work(now: dt.datetime) -> None:
    store = JOB_KINDS["respond.care_check"].store
    assert store is not None
    for job in Job.objects.filter(kind="respond.care_check", state=State.WAITING, due__lte=now):
        store(job, now=now)
        Job.objects.filter(pk=job.pk).update(state=State.DONE)


def told() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="care.").order_by("at", "id").values_list("kind", flat=True))


def test_after_three_hours_once_however_many_roles(cast: Cast, incident: Incident) -> None:
    take_role(incident=incident, role="owner", user=cast.ben, by=actor_of(cast.ben), now=at(1))
    assert waiting() == [at(3)]
    work(at(3))
    check = CareCheck.objects.get()
    assert (check.user, check.since, check.asked_at) == (cast.ben, NOW, at(3))
    assert (told(), waiting()) == (["care.asked"], [at(5)])
    assert care_check_of(cast.ben, incident=incident.pk) == check
    assert care_check_of(cast.ada, incident=incident.pk) is None


def test_all_right_ends_it_and_two_hours_later_it_is_asked_again(cast: Cast, incident: Incident) -> None:
    work(at(3))
    answer_care(check=CareCheck.objects.get(), answer="fine", by=actor_of(cast.ben), now=at(3.1))
    assert care_check_of(cast.ben, incident=incident.pk) is None
    work(at(5))
    assert told() == ["care.asked", "care.answered", "care.asked"]
    assert CareCheck.objects.filter(ended_at=None).get().asked_at == at(5)


def test_wanting_relief_stays_until_the_work_is_with_somebody_else(cast: Cast, incident: Incident) -> None:
    work(at(3))
    check = CareCheck.objects.get()
    answer_care(check=check, answer="relief", by=actor_of(cast.ben), now=at(3.1))
    answer_care(check=check, answer="relief", by=actor_of(cast.ben), now=at(3.2))
    assert told() == ["care.asked", "care.answered"]
    assert CareCheck.objects.get().ended_at is None
    take_role(incident=incident, role="technical_lead", user=cast.ada, by=actor_of(cast.ada), now=at(3.5))
    assert CareCheck.objects.get().ended_at == at(3.5)
    work(at(5))
    assert told() == ["care.asked", "care.answered"]


def test_an_answer_that_is_none_is_refused_and_nothing_is_kept(cast: Cast, incident: Incident) -> None:
    work(at(3))
    with pytest.raises(Refused, match="all right or want to be relieved"):
        answer_care(check=CareCheck.objects.get(), answer="maybe", by=actor_of(cast.ben), now=at(3.1))
    assert (CareCheck.objects.get().answer, told()) == ("", ["care.asked"])


def test_food_and_rest_are_seen_to_once_for_all(cast: Cast, incident: Incident) -> None:
    take_role(incident=incident, role="owner", user=cast.ada, by=actor_of(cast.ada), now=at(0.1))
    work(at(3.1))
    assert len(open_care_checks([incident.pk], viewer=cast.ada)) == 2
    assert see_to_care(incident=incident, by=actor_of(cast.dana), now=at(3.2)) == 2
    assert see_to_care(incident=incident, by=actor_of(cast.dana), now=at(3.3)) == 0
    assert told() == ["care.asked", "care.asked", "care.seen"]
    Incident.objects.update(restricted=True)
    assert open_care_checks([incident.pk], viewer=cast.eve) == []


def test_who_began_anew_is_asked_three_hours_later_and_nobody_once_it_is_over(cast: Cast, incident: Incident) -> None:
    leave_role(incident=incident, role="technical_lead", by=actor_of(cast.ben), now=at(1))
    take_role(incident=incident, role="technical_lead", user=cast.ben, by=actor_of(cast.ben), now=at(2))
    work(at(3))
    assert (told(), waiting()) == ([], [at(5)])
    change_state(incident=incident, state="resolved", by=actor_of(cast.ada), now=at(4))
    work(at(5))
    assert (told(), waiting()) == ([], [])
