"""A test page goes the way of a real one, says that it is a test, and notes the answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Refusal, Sent, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.contact import ContactMethod
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.trial import send_trial, trial_token
from firstcall.respond.models.trial import Trial
from firstcall.respond.queries.trial import answered_trials, last_trials
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 17, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast()


def sent(cast: Cast) -> Trial:
    return send_trial(user=cast.ada, by=actor_of(cast.ada), now=NOW)[0]


def parcel_of(trial: Trial) -> Parcel | Skip:
    prepare = JOB_KINDS["respond.trial"].prepare
    assert prepare is not None
    return prepare(Job.objects.get(key=f"trial:{trial.key}"), now=NOW)


def test_it_goes_over_every_verified_way(cast: Cast) -> None:
    for kind, address in (("mail", "night@example.com"), ("webhook", "https://example.com/ring")):
        ContactMethod.objects.create(user=cast.ben, kind=kind, address=address, verified_at=NOW)
    made = send_trial(user=cast.ben, by=actor_of(cast.ada), now=NOW)
    assert [(one.channel, one.address) for one in made] == [
        ("mail", "night@example.com"), ("webhook", "https://example.com/ring"),
    ]  # fmt: skip
    parcels = [parcel_of(one) for one in made]
    assert [one.channel for one in parcels if isinstance(one, Parcel)] == ["mail", "webhook"]
    assert {job.lane for job in Job.objects.all()} == {"page"}


def test_its_first_words_say_that_it_is_a_test(cast: Cast) -> None:
    trial = sent(cast)
    parcel = parcel_of(trial)
    assert isinstance(parcel, Parcel)
    assert parcel.subject == "TEST PAGE for Ada: nothing is broken. Answer it."
    assert f"/t/{trial_token(trial)}/" in parcel.text
    assert f"/t/{trial_token(trial)}/" in parcel.html


def test_looking_never_acts_and_answering_is_noted_once(cast: Cast) -> None:
    trial, client = sent(cast), Client()
    with clock.read_from(lambda: NOW + dt.timedelta(seconds=40)):
        page = client.get(f"/t/{trial_token(trial)}/")
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert answered_trials([cast.ada]) == {}
        client.post(f"/t/{trial_token(trial)}/")
    with clock.read_from(lambda: NOW + dt.timedelta(seconds=90)):
        again = client.post(f"/t/{trial_token(trial)}/", follow=True)
    assert "It reached you" in again.content.decode()
    assert answered_trials([cast.ada, cast.ben]) == {cast.ada.pk: NOW + dt.timedelta(seconds=40)}
    entry = Entry.objects.get(kind="trial.answered")
    assert (entry.facts.data["user"], entry.facts.data["seconds"]) == ("Ada", 40)


def test_a_wrong_link_and_one_of_yesterday_are_the_same_404(cast: Cast) -> None:
    token, client = trial_token(sent(cast)), Client()
    with clock.read_from(lambda: NOW + dt.timedelta(hours=24)):
        assert client.post(f"/t/{token}/").status_code == client.get("/t/wrong/").status_code == 404
    assert answered_trials([cast.ada]) == {}


def test_twice_within_a_minute_is_a_sentence_and_sends_nothing(cast: Cast) -> None:
    sent(cast)
    with pytest.raises(Refused, match="Wait a minute before the next"):
        send_trial(user=cast.ada, by=actor_of(cast.ada), now=NOW + dt.timedelta(seconds=59))
    assert (Trial.objects.count(), Job.objects.count()) == (1, 1)
    send_trial(user=cast.ada, by=actor_of(cast.ada), now=NOW + dt.timedelta(seconds=60))
    assert [one.planned_at for one in last_trials(cast.ada)] == [NOW + dt.timedelta(seconds=60)]


def test_what_the_provider_said_is_kept(cast: Cast) -> None:
    trial = sent(cast)
    job, settled = Job.objects.get(), JOB_KINDS["respond.trial"].settled
    settled(job, now=NOW, result=Refusal("no such mailbox"))
    trial.refresh_from_db()
    assert (trial.sent_at, trial.reason) == (None, "no such mailbox")
    settled(job, now=NOW, result=Sent())
    trial.refresh_from_db()
    assert trial.sent_at == NOW
    cast.ada.is_active = False
    cast.ada.save()
    assert parcel_of(trial) == Skip("the account has ended")
