"""Known bugs of such systems, each planted in the running code for the length of one test.

Nothing of the product is changed on disk: a bug replaces a function where its callers look it up.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.db.models import QuerySet

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.commands import lease
from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.commands.lease import LEASE, Claim, Result
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Sent, Skip
from firstcall.deliver.models.job import Job, State
from firstcall.deliver.rules.retry import Retry, next_try
from firstcall.detect.commands.fold import Batch
from firstcall.people.models.user import User
from firstcall.respond.commands import escalation as escalations
from firstcall.respond.commands import incident as incidents
from firstcall.respond.commands import page as pages
from firstcall.respond.handlers import page as page_handler
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.page import Page
from tests.simulation.evening import Evening

Plant = Callable[[], AbstractContextManager[Any]]


def mark_before_send() -> AbstractContextManager[Any]:
    """The page is written down as sent, then sent: whoever dies or fails between has lost it."""
    honest = lease.carry

    def carry(claim: Claim, *, channels: Mapping[str, Any], now: dt.datetime) -> Result:
        if JOB_KINDS[claim.kind].prepare is not None:
            Job.objects.filter(pk=claim.pk).update(state=State.DONE, ended_at=now, lease_until=None)
        return honest(claim, channels=channels, now=now)

    return patch.object(lease, "carry", carry)


def give_up_when_a_worker_dies() -> AbstractContextManager[Any]:
    """A lease that ran out counts as failed instead of being tried again."""

    def free_leases(*, now: dt.datetime, lane: str | None = None, holder: str | None = None) -> int:
        lost = Job.objects.filter(state=State.LEASED)
        lost = lost.filter(lease_until__lte=now, lane=lane) if holder is None else lost.filter(holder=holder)
        return lost.update(state=State.PARKED, reason="the worker went away", lease_until=None)

    return patch.object(lease, "free_leases", free_leases)


def no_fence() -> AbstractContextManager[Any]:
    """Whoever comes back late writes its result over that of the one who has the job now."""

    def held(claim: Claim) -> QuerySet[Job]:
        return Job.objects.filter(pk=claim.pk)

    return patch.object(lease, "_held", held)


def lease_never_renewed() -> AbstractContextManager[Any]:
    """A slow provider takes longer than the lease: another worker sends it too."""
    return patch.object(lease, "renew_leases", lambda **_: 1)


def two_claim_one() -> AbstractContextManager[Any]:
    """Read what is due, then mark it: another worker reads the same between the two."""

    def claim_jobs(*, lane: str, now: dt.datetime, at_most: int, holder: str = "") -> list[Claim]:
        lease.free_leases(now=now, lane=lane)
        found = list(Job.objects.filter(lane=lane, state=State.WAITING, due__lte=now).order_by("rank", "due")[:at_most])
        if found:
            Evening.tonight.meanwhile()
        claims = []
        for job in found:
            job.state, job.fence, job.tries, job.holder = State.LEASED, job.fence + 1, job.tries + 1, holder
            job.claimed_at, job.lease_until = now, now + LEASE
            job.save()
            payload = json.dumps(job.payload)
            claims.append(
                Claim(
                    job.pk, job.kind, job.lane, job.key, job.subject, payload, job.rank, job.fence, job.tries,
                    job.lease_until,
                )
            )  # fmt: skip
        return claims

    return patch.object(lease, "claim_jobs", claim_jobs)


def new_key_each_try() -> AbstractContextManager[Any]:
    """The idempotency key and the Message-ID are made when sending: no receiver can tell a repeat."""
    kind = JOB_KINDS["respond.page"]
    assert kind.prepare is not None
    honest = kind.prepare

    def prepare(job: Job, *, now: dt.datetime) -> Parcel | Skip:
        parcel = honest(job, now=now)
        return parcel if isinstance(parcel, Skip) else dataclasses.replace(parcel, key=f"{parcel.key}:{job.tries}")

    return patch.dict(JOB_KINDS, {kind.name: dataclasses.replace(kind, prepare=prepare)})


def sent_though_somebody_has_it() -> AbstractContextManager[Any]:
    """A page that was claimed goes out without asking again."""
    honest = pages.hand_over_page

    def hand_over_page(*, page: Page, now: dt.datetime) -> str:
        reason = honest(page=page, now=now)
        return "" if page.escalation.state == EscalationState.ACKNOWLEDGED else reason

    return patch.object(page_handler, "hand_over_page", hand_over_page)


def shift_not_read_again() -> AbstractContextManager[Any]:
    """Who is on call is settled when the step runs, not when the page goes out."""
    return patch.object(pages, "people_of_step", lambda *_, **__: [])


def goes_on_after_the_answer() -> AbstractContextManager[Any]:
    """'I have it' is written down, but the run goes on."""
    honest = escalations._take

    def take(escalation: Escalation, user: User, **rest: Any) -> None:
        next_at = escalation.next_at
        with patch.object(escalations, "cancel_jobs", lambda **_: 0):
            honest(escalation, user, **rest)
        Escalation.objects.filter(pk=escalation.pk).update(state=EscalationState.RUNNING, next_at=next_at)

    return patch.object(escalations, "_take", take)


def silent_end() -> AbstractContextManager[Any]:
    """Nobody answered, and nobody is told."""
    honest = escalations._exhaust

    def exhaust(escalation: Escalation, *, now: dt.datetime) -> None:
        with patch.object(escalations, "plan_pages", lambda **_: []):
            honest(escalation, now=now)

    return patch.object(escalations, "_exhaust", exhaust)


def next_step_at_once() -> AbstractContextManager[Any]:
    """The first ones have no time to answer."""
    return patch.object(escalations, "due_after", lambda ran_at, _minutes: ran_at)


def tried_again_at_once() -> AbstractContextManager[Any]:
    """A provider that says 'later' is asked without a pause."""

    def retry(*, now: dt.datetime, **rest: Any) -> Retry:
        return Retry(now, next_try(now=now, **rest).reason)

    return patch.object(lease, "next_try", retry)


def page_given_up() -> AbstractContextManager[Any]:
    """After three tries nobody is woken any more."""

    def retry(**given: Any) -> Retry:
        return next_try(**{**given, "lane": "bulk", "limit": 3})

    return patch.object(lease, "next_try", retry)


def doubt_not_told() -> AbstractContextManager[Any]:
    """A mail may have gone out twice, and the page says 'sent'."""
    return patch.object(lease, "may_have_arrived_before", lambda _claim: False)


def silence_called_sent() -> AbstractContextManager[Any]:
    """No answer counts as taken."""
    honest = lease.carry

    def carry(claim: Claim, **rest: Any) -> Result:
        result = honest(claim, **rest)
        silent = isinstance(result.outcome, Failed) and result.outcome.maybe_arrived
        return dataclasses.replace(result, outcome=Sent("?")) if silent else result

    return patch.object(lease, "carry", carry)


def job_planned_after_the_commit() -> AbstractContextManager[Any]:
    """The page is a row in one transaction and work in the next: who dies between leaves it forgotten."""

    def later(*given: Any, **rest: Any) -> None:
        Evening.tonight.deferred.append(partial(plan_job, *given, **rest))

    return patch.object(pages, "plan_job", later)


def taken_before_written() -> AbstractContextManager[Any]:
    """What came in is marked as read in one transaction and written in the next."""
    honest, take = Batch.write, Batch._take

    def write(batch: Batch) -> None:
        with transaction.atomic():
            take(batch)
        with patch.object(Batch, "_take", lambda _batch: None):
            honest(batch)

    return patch.object(Batch, "write", write)


def nobody_looks_again() -> AbstractContextManager[Any]:
    """Somebody said that it is over, so that what fires on is nobody's."""
    kind = JOB_KINDS["reactions.still_firing"]
    return patch.dict(JOB_KINDS, {kind.name: dataclasses.replace(kind, store=lambda *_, **__: None)})


def old_groups_stay_held() -> AbstractContextManager[Any]:
    """What is new of an incident that is over counts as known."""
    return patch.object(incidents, "let_go", lambda **_: None)


# Each with what the judge says of it.
BUGS: dict[Plant, str] = {
    mark_before_send: "planned and never sent",
    give_up_when_a_worker_dies: "was given up",
    no_fence: "nobody is told|no provider has it|a worker failed: IntegrityError",
    lease_never_renewed: "went out 2 times after 0 doubts",
    two_claim_one: "went out 2 times after 0 doubts",
    new_key_each_try: "went out under 2 keys",
    sent_though_somebody_has_it: "sent after somebody had it",
    shift_not_read_again: "not to",
    goes_on_after_the_answer: "sent after somebody had it",
    silent_end: "no admin was told",
    next_step_at_once: "before the first had their five minutes",
    tried_again_at_once: "tried again at once",
    page_given_up: "was given up",
    doubt_not_told: "nobody is told",
    silence_called_sent: "is called sent and no provider has it",
    job_planned_after_the_commit: "planned and never sent",
    nobody_looks_again: "woke nobody",
    old_groups_stay_held: "woke nobody",
    taken_before_written: "was answered 202 and is nowhere",
}
