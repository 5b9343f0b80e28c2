"""Claim, carry, settle: nothing is lost, and a lost lease writes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.commands.job import cancel_jobs, plan_job
from firstcall.deliver.commands.lease import LEASE, Claim, Result, carry, claim_jobs, renew_leases, settle_results
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Refusal, Sent, Skip, sends, stores
from firstcall.deliver.models.job import Attempt, Job, Outcome, State
from firstcall.deliver.queries.due import next_dues
from firstcall.deliver.queries.health import findings, oldest_due_page

NOW = dt.datetime(2026, 11, 20, 22, 56, tzinfo=dt.UTC)
LATER = NOW + LEASE + dt.timedelta(seconds=1)
FOLLOWED: list[tuple[str, bool]] = []
STORED: list[int] = []


def follows(job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None:
    FOLLOWED.append((job.key, isinstance(result, Sent) and result.maybe_twice))
    if job.payload.get("stumbles"):
        raise ValueError("a bug")


if "test.send" not in JOB_KINDS:

    @sends("test.send", lane="page", settled=follows)
    def _send(job: Job, *, now: dt.datetime) -> Parcel | Skip:
        if job.payload.get("skip"):
            return Skip("somebody has it")
        return Parcel("fake", to="ben@example.com", key=job.key)

    @stores("test.store", lane="update")
    def _store(job: Job, *, now: dt.datetime) -> None:
        STORED.append(job.pk)
        if job.payload.get("broken"):
            raise ValueError("a bug")


class Fake:
    """A provider of which each try's answer is given beforehand."""

    honours_key = False

    def __init__(self, *answers: Sent | Refusal | Failed) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []

    def send(self, parcel: Parcel) -> Sent | Refusal:
        self.keys.append(parcel.key)
        answer = self.answers.pop(0)
        if isinstance(answer, Failed):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def _fresh() -> None:
    FOLLOWED.clear()
    STORED.clear()


def plan(key: str = "42:1:0:ben:mail", kind: str = "test.send", **payload: object) -> Job:
    plan_job(kind, key=key, now=NOW, payload=payload, subject="incident:42")
    return Job.objects.get(key=key)


def go(fake: Fake, *, now: dt.datetime = NOW, lane: str = "page") -> list[Claim]:
    jobs = claim_jobs(lane=lane, now=now, at_most=10)
    settle_results([carry(job, channels={"fake": fake}, now=now) for job in jobs], now=now)
    return jobs


@pytest.mark.django_db
def test_a_key_is_planned_once() -> None:
    assert plan().pk == plan().pk
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_claim_leases_the_gravest_first_and_nobody_gets_it_twice() -> None:
    plan_job("test.send", key="later", now=NOW, payload={}, due=LATER)
    plan_job("test.send", key="minor", now=NOW, payload={}, rank=40)
    plan_job("test.send", key="grave", now=NOW, payload={}, rank=1)
    first = claim_jobs(lane="page", now=NOW, at_most=1)
    second = claim_jobs(lane="page", now=NOW, at_most=5)
    assert [job.key for job in first + second] == ["grave", "minor"]
    assert claim_jobs(lane="page", now=NOW, at_most=5) == []


@pytest.mark.django_db
def test_sent_is_done_and_its_follow_up_is_written() -> None:
    job = plan()
    go(Fake(Sent("250 ok")))
    job.refresh_from_db()
    assert (job.state, job.tries, FOLLOWED) == (State.DONE, 1, [(job.key, False)])
    assert Attempt.objects.get().outcome == Outcome.DONE


@pytest.mark.django_db
def test_a_follow_up_that_raises_is_tried_again_says_why_and_holds_back_no_other() -> None:
    stumbling, sound = plan("1", stumbles=True), plan("2")
    fake = Fake(Sent(), Sent(), Sent())
    go(fake)
    stumbling.refresh_from_db()
    sound.refresh_from_db()
    assert (stumbling.state, stumbling.reason) == (State.WAITING, "What follows the send failed: ValueError: a bug")
    assert (sound.state, FOLLOWED[-1]) == (State.DONE, ("2", False))
    go(fake, now=LATER)
    assert fake.keys == ["1", "2", "1"]


@pytest.mark.django_db
def test_a_lost_answer_is_sent_again_with_the_same_key_and_labelled() -> None:
    job = plan()
    go(Fake(Failed("silence after the data", maybe_arrived=True)))
    fake = Fake(Sent())
    go(fake, now=LATER)
    assert fake.keys == [job.key]
    assert [(job.key, True)] == FOLLOWED
    assert list(Attempt.objects.order_by("fence").values_list("outcome", "maybe_twice")) == [
        ("unknown", False),
        ("done", True),
    ]


@pytest.mark.django_db
def test_a_crash_between_claim_and_result_is_carried_again_and_the_zombie_writes_nothing() -> None:
    job = plan()
    zombie = claim_jobs(lane="page", now=NOW, at_most=1)[0]
    heir = claim_jobs(lane="page", now=LATER, at_most=1)[0]
    assert (zombie.fence, heir.fence) == (1, 2)
    assert settle_results([carry(zombie, channels={"fake": Fake(Sent())}, now=LATER)], now=LATER) == 0
    assert (Job.objects.get().state, FOLLOWED) == (State.LEASED, [])
    assert settle_results([carry(heir, channels={"fake": Fake(Sent())}, now=LATER)], now=LATER) == 1
    assert (Job.objects.get().state, FOLLOWED) == (State.DONE, [(job.key, True)])


@pytest.mark.django_db
def test_a_renewed_lease_is_kept() -> None:
    plan()
    jobs = claim_jobs(lane="page", now=NOW, at_most=1)
    renew_leases(claims=jobs, now=NOW + LEASE / 2)
    assert claim_jobs(lane="page", now=LATER, at_most=1) == []


@pytest.mark.django_db
def test_a_final_no_is_parked_with_its_reason() -> None:
    plan()
    go(Fake(Refusal("550 no such person")))
    job = Job.objects.get()
    assert (job.state, job.reason) == (State.PARKED, "550 no such person")
    assert [(found.kind, found.detail) for found in findings(now=NOW)] == [("parked", "550 no such person")]


@pytest.mark.django_db
def test_nothing_to_send_any_more_ends_well() -> None:
    plan(skip=True)
    fake = Fake()
    go(fake)
    assert (Job.objects.get().state, Job.objects.get().reason, fake.keys) == (State.DONE, "somebody has it", [])


@pytest.mark.django_db
def test_a_store_handler_that_raises_leaves_nothing_and_is_tried_again() -> None:
    plan(kind="test.store", broken=True)
    go(Fake(), lane="update")
    job = Job.objects.get()
    assert (job.state, job.reason, job.due) == (State.WAITING, "ValueError: a bug", NOW + dt.timedelta(seconds=10))


@pytest.mark.django_db
def test_a_store_job_of_a_lost_lease_changes_nothing() -> None:
    plan(kind="test.store")
    zombie = claim_jobs(lane="update", now=NOW, at_most=1)[0]
    claim_jobs(lane="update", now=LATER, at_most=1)
    carry(zombie, channels={}, now=LATER)
    assert STORED == []


@pytest.mark.django_db
def test_cancelled_jobs_are_not_claimed() -> None:
    plan()
    assert cancel_jobs(subject="incident:42", now=NOW, reason="acknowledged") == 1
    assert claim_jobs(lane="page", now=NOW, at_most=5) == []


@pytest.mark.django_db
def test_the_oldest_due_page_counts_from_its_first_due_time() -> None:
    assert oldest_due_page(now=NOW) is None
    plan()
    go(Fake(Failed("421 later")), now=NOW)
    assert next_dues(["page", "bulk"]) == {"page": NOW + dt.timedelta(seconds=2)}
    assert oldest_due_page(now=NOW + dt.timedelta(seconds=11)) == 11.0


@pytest.mark.django_db
def test_unknown_work_waits_for_a_version_that_knows_it() -> None:
    job = plan()
    Job.objects.update(kind="later.version")
    go(Fake())
    job.refresh_from_db()
    assert (job.state, job.reason) == (State.WAITING, "This version does not know the work 'later.version'.")


@pytest.mark.django_db
def test_a_worker_that_slept_beyond_its_lease_sends_nothing_that_another_has() -> None:
    plan("a")
    (slept,) = claim_jobs(lane="page", now=NOW, at_most=1)
    (other,) = claim_jobs(lane="page", now=LATER, at_most=1)
    provider = Fake(Sent("250"))
    assert carry(slept, channels={"fake": provider}, now=LATER) == Result(slept, None, stored=True)
    assert provider.keys == []
    assert carry(other, channels={"fake": provider}, now=LATER).outcome == Sent("250")


@pytest.mark.django_db
def test_a_worker_that_slept_but_lost_nothing_sends() -> None:
    plan("a")
    (slept,) = claim_jobs(lane="page", now=NOW, at_most=1)
    provider = Fake(Sent("250"))
    assert carry(slept, channels={"fake": provider}, now=LATER).outcome == Sent("250")
