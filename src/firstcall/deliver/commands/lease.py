"""Claiming jobs, carrying them and writing results: the mechanism that loses nothing.

Order is always: lease committed, send, result committed. The fence stands in every WHERE, so whoever lost the lease
writes nothing. An expired lease is carried again with the same attempt key.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import QuerySet

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Refusal, Sent, Skip, Store, nothing_follows
from firstcall.deliver.models.job import Attempt, Job, Outcome, State
from firstcall.deliver.rules.retry import next_try

# What a claimed job carries, in the order of its fields; the rest is read when somebody asks for it.
LOADED = ("id", "kind", "lane", "key", "subject", "payload", "rank", "state", "fence", "tries")
LEASE = dt.timedelta(seconds=15)
CLAIM_AT_MOST = 500


class Channel(Protocol):
    """What carries a parcel: raises Failed when another try may succeed.

    `honours_key`: its receivers deduplicate by the attempt key, so that a repeat has no effect.
    """

    honours_key: bool

    def send(self, parcel: Parcel) -> Sent | Refusal: ...


class Claim(NamedTuple):
    """A leased job as the claim's statement returns it: little, because ten thousand may be claimed at once.

    `until` is the end of the lease unless it was renewed.
    """

    pk: int
    kind: str
    lane: str
    key: str
    subject: str
    payload: str
    rank: int
    fence: int
    tries: int
    until: dt.datetime

    def job(self) -> Job:
        """The job itself, for its handler."""
        values = (
            self.pk, self.kind, self.lane, self.key, self.subject, json.loads(self.payload), self.rank, State.LEASED,
            self.fence, self.tries,
        )  # fmt: skip
        return Job.from_db(DEFAULT_DB_ALIAS, LOADED, values)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed job. `stored`: nothing is left to write.

    Its handler ended it in its own transaction, or another worker has it.
    """

    claim: Claim
    outcome: Sent | Refusal | Skip | Failed | None
    stored: bool = False
    honours_key: bool = True


def free_leases(*, now: dt.datetime, lane: str | None = None, holder: str | None = None) -> int:
    """Put back jobs whose lease ran out, or all that a dead `holder` had; how many. Their attempts' fate is unknown."""
    lost = Job.objects.filter(state=State.LEASED)
    lost = lost.filter(lease_until__lte=now, lane=lane) if holder is None else lost.filter(holder=holder)
    if not lost.exists():
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            lost = lost.select_for_update(skip_locked=True)
        jobs = list(lost[:CLAIM_AT_MOST])
        for job in jobs:
            _write_attempt(job, Outcome.UNKNOWN, now=now, detail="the worker went away")
        return Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=State.WAITING, lease_until=None, holder=""
        )


def _write_attempt(job: Job, outcome: str, *, now: dt.datetime, detail: str = "", maybe_twice: bool = False) -> None:
    Attempt.objects.create(
        job_id=job.pk,
        fence=job.fence,
        started_at=job.claimed_at or now,
        ended_at=now,
        outcome=outcome,
        detail=detail,
        maybe_twice=maybe_twice,
    )


# One statement that chooses and takes, on both databases: 10,000 rows in a tenth of a second, where claiming through
# objects took ten times as long. {lock} is the only difference. Rank by rank, and by nothing beyond the due time,
# because then an index gives the rows in order: otherwise every claim would sort everything that is due.
CLAIM = """
UPDATE deliver_job SET state = 'leased', fence = fence + 1, tries = tries + 1, claimed_at = %s,
    lease_until = %s, holder = %s
WHERE id IN (
    SELECT id FROM deliver_job WHERE lane = %s AND rank = %s AND state = 'waiting' AND due <= %s
    ORDER BY due LIMIT %s {lock}
) RETURNING id, kind, lane, key, subject, payload, rank, fence, tries
"""
# The ranks of a lane's waiting jobs, each found by one step in the index.
RANKS = """
WITH RECURSIVE ranks(rank) AS (
    SELECT MIN(rank) FROM deliver_job WHERE lane = %s AND state = 'waiting'
    UNION ALL
    SELECT (SELECT MIN(rank) FROM deliver_job WHERE lane = %s AND state = 'waiting' AND rank > ranks.rank)
    FROM ranks WHERE rank IS NOT NULL
) SELECT rank FROM ranks WHERE rank IS NOT NULL ORDER BY rank
"""
RENEW = "UPDATE deliver_job SET lease_until = %s WHERE {ours}"
FINISH = "UPDATE deliver_job SET state = 'done', ended_at = %s, reason = '', lease_until = NULL WHERE {ours}"


def claim_jobs(*, lane: str, now: dt.datetime, at_most: int, holder: str = "") -> list[Claim]:
    """Lease up to `at_most` due jobs of a lane, the most severe first.

    Whoever else claims at the same time gets other rows.
    """
    free_leases(now=now, lane=lane)
    sql = CLAIM.format(lock="FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else "")
    adapt = connection.ops.adapt_datetimefield_value
    moment, until = adapt(now), adapt(now + LEASE)
    room, claims = min(at_most, CLAIM_AT_MOST), list[Claim]()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RANKS, [lane, lane])
        for (rank,) in cursor.fetchall():
            cursor.execute(sql, [moment, until, holder, lane, rank, moment, room - len(claims)])
            claims += sorted(Claim._make((*row, now + LEASE)) for row in cursor.fetchall())
            if len(claims) >= room:
                break
    return claims


def _write_ours(statement: str, claims: Iterable[Claim], *, moment: dt.datetime) -> int:
    """Run `statement` on the jobs whose leases are still ours; how many. Claims of the same fence go together."""
    by_fence: dict[int, list[int]] = defaultdict(list)
    for claim in claims:
        by_fence[claim.fence].append(claim.pk)
    written = 0
    with connection.cursor() as cursor:
        for fence, pks in by_fence.items():
            # The numbers stand in the statement itself: SQLite takes only so many parameters.
            ours = f"id IN ({','.join(map(str, pks))}) AND fence = {fence:d} AND state = 'leased'"
            cursor.execute(statement.format(ours=ours), [connection.ops.adapt_datetimefield_value(moment)])
            written += cursor.rowcount
    return written


def renew_leases(*, claims: Sequence[Claim], now: dt.datetime) -> int:
    """Lengthen the leases of jobs still in hand; how many. A job that another has taken meanwhile is left alone."""
    with transaction.atomic():
        return _write_ours(RENEW, claims, moment=now + LEASE)


def carry(claim: Claim, *, channels: Mapping[str, Channel], now: dt.datetime) -> Result:
    """Do what a claimed job asks. Never raises: every failure is a result.

    A worker that was stopped for longer than its lease, or whose machine slept, may find that another has the job:
    then it sends nothing.
    """
    kind = JOB_KINDS.get(claim.kind)
    try:
        if now >= claim.until and not renew_leases(claims=[claim], now=now):
            return Result(claim, None, stored=True)
        if kind is None:
            return Result(claim, Failed(f"This version does not know the work '{claim.kind}'."))
        if kind.store is not None:
            return _carry_store(claim, kind.store, now=now)
        assert kind.prepare is not None
        parcel = kind.prepare(claim.job(), now=now)
        if isinstance(parcel, Skip):
            return Result(claim, parcel)
        channel = channels[parcel.channel]
        return Result(claim, channel.send(parcel), honours_key=channel.honours_key)
    except Failed as failure:
        return Result(claim, failure)
    except Exception as error:  # a handler's bug must not stop the lane; the reason is kept and shown
        return Result(claim, Failed(_told(error)))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _carry_store(claim: Claim, handler: Store, *, now: dt.datetime) -> Result:
    """The handler's rows and the mark 'done' are one transaction: it happens once, or not at all."""
    with transaction.atomic():
        if _end(claim, State.DONE, now=now):
            handler(claim.job(), now=now)
    return Result(claim, None, stored=True)


def _held(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.pk, fence=claim.fence, state=State.LEASED)


def _end(claim: Claim, state: str, *, now: dt.datetime, reason: str = "") -> bool:
    """Mark a job ended if its lease is still ours."""
    return _held(claim).update(state=state, ended_at=now, reason=reason, lease_until=None) == 1


def settle_results(results: Sequence[Result], *, now: dt.datetime) -> int:
    """Write what became of jobs in one transaction; how many were still ours.

    A result whose follow-up raises is taken out, tried again later and does not hold back the others.
    """
    results = [result for result in results if not result.stored]
    if not results:
        return 0
    plain = [result for result in results if _is_plain(result)]
    try:
        with transaction.atomic():
            return _write_ours(FINISH, [result.claim for result in plain], moment=now) + sum(
                _settle(result, now=now) for result in results if not _is_plain(result)
            )
    except Exception as error:
        if len(results) == 1:
            return _settle_broken(results[0], error, now=now)
        return sum(settle_results([result], now=now) for result in results)


def _is_plain(result: Result) -> bool:
    """Taken by the provider, nothing follows, nothing to label: such results are written together."""
    return (
        isinstance(result.outcome, Sent)
        and not result.outcome.maybe_twice
        and (result.honours_key or result.claim.tries == 1)
        and JOB_KINDS[result.claim.kind].settled is nothing_follows
    )


def _settle(result: Result, *, now: dt.datetime) -> bool:
    claim, outcome = result.claim, result.outcome
    if isinstance(outcome, Failed):
        return _try_again(claim, outcome, now=now)
    if isinstance(outcome, Skip):
        return _end(claim, State.DONE, now=now, reason=outcome.reason)
    assert outcome is not None
    job = Job.objects.get(pk=claim.pk)
    if isinstance(outcome, Refusal):
        if not _end(claim, State.PARKED, now=now, reason=outcome.reason):
            return False
        _write_attempt(job, Outcome.PARKED, now=now, detail=outcome.reason)
        JOB_KINDS[claim.kind].settled(job, now=now, result=outcome)
        return True
    if not _end(claim, State.DONE, now=now):
        return False
    twice = outcome.maybe_twice or (not result.honours_key and may_have_arrived_before(claim))
    _write_attempt(job, Outcome.DONE, now=now, detail=outcome.detail, maybe_twice=twice)
    JOB_KINDS[claim.kind].settled(job, now=now, result=Sent(outcome.detail, maybe_twice=twice))
    return True


def may_have_arrived_before(claim: Claim) -> bool:
    """Whether an earlier try's fate is unknown, so that a receiver which can't deduplicate may have it twice."""
    unknown = Attempt.objects.filter(job=claim.pk, outcome=Outcome.UNKNOWN, fence__lt=claim.fence)
    return claim.tries > 1 and unknown.exists()


def _try_again(claim: Claim, failure: Failed, *, now: dt.datetime) -> bool:
    known = JOB_KINDS.get(claim.kind)
    plan = next_try(
        lane=claim.lane, tries=claim.tries, limit=known.tries if known else 8, error=failure.reason, now=now
    )
    job = _held(claim).first()
    if job is None:
        return False
    ended = {"state": State.PARKED, "ended_at": now}
    changes = ended if plan.at is None else {"state": State.WAITING, "due": plan.at}
    outcome = Outcome.PARKED if plan.at is None else Outcome.RETRY
    if failure.maybe_arrived:
        outcome = Outcome.UNKNOWN
    _write_attempt(job, outcome, now=now, detail=plan.reason)
    return _held(claim).update(**changes, reason=plan.reason, lease_until=None) == 1


def _settle_broken(result: Result, error: Exception, *, now: dt.datetime) -> int:
    """The follow-up of a send failed: the send itself may have arrived, so it is tried again with the same key."""
    with transaction.atomic():
        failure = Failed(f"What follows the send failed: {_told(error)}", maybe_arrived=True)
        return int(_try_again(result.claim, failure, now=now))
