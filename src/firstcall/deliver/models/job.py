"""Work to do outside or later, and every try at it."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    PARKED = "parked"  # given up on in the open: shown on Now with its reason
    CANCELLED = "cancelled"


class Lane(models.TextChoices):
    """Lanes are served apart, so that bulk mail or one hanging provider never delays a page."""

    PAGE = "page"
    FOLD = "fold"
    UPDATE = "update"
    BULK = "bulk"
    FEEDS = "feeds"
    UPKEEP = "upkeep"


class Job(models.Model):
    """`key` is the attempt key: unique, the same over all tries, sent to receivers that can deduplicate.

    `rank` orders jobs due together: 0 is the most severe. `fence` rises with each claim; only the holder of the
    present fence may write a result. `wanted_at` is the first due time, `due` the next try's; all times are by the
    database's clock. `holder` is the node whose worker has the lease.
    """

    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=8, choices=Lane.choices)
    key = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=80, blank=True)
    payload = models.JSONField()
    rank = models.PositiveSmallIntegerField(default=50)
    wanted_at = models.DateTimeField()
    due = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    fence = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["lane", "due"], name="job_waiting", condition=models.Q(state=State.WAITING)),
            models.Index(fields=["lane", "rank", "due"], name="job_by_rank", condition=models.Q(state=State.WAITING)),
            models.Index(fields=["lane", "lease_until"], name="job_leased", condition=models.Q(state=State.LEASED)),
            models.Index(fields=["holder"], name="job_by_holder", condition=models.Q(state=State.LEASED)),
            models.Index(fields=["subject"], name="job_by_subject"),
        ]


class Outcome(models.TextChoices):
    DONE = "done"
    RETRY = "retry"
    PARKED = "parked"
    UNKNOWN = "unknown"  # the lease ran out before an answer was written


class Attempt(models.Model):
    """One try at a job that left something to say: it failed, its fate is unknown, or something followed from it.

    Written when the try ends, or when its lease is found to have run out. A job whose state is leased has its present
    try in `fence` and `claimed_at`; one done at the first try with nothing to add says so itself.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    fence = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    detail = models.TextField(blank=True)
    maybe_twice = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "fence"], name="one_attempt_a_fence")]
