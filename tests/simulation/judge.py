"""What was promised and not kept, in words. The witnesses are the providers' logs and the evening's own notes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from firstcall.deliver.models.job import Attempt, Job, Outcome, State
from firstcall.detect.models.alert import Alert
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from tests.simulation.evening import Evening
from tests.simulation.provider import name_of

LATE = dt.timedelta(minutes=8)  # what the faults of an evening may cost


def judge(evening: Evening) -> list[str]:
    """Every promise that was broken; what was seen in the course of the evening first."""
    seen = dict.fromkeys(evening.broken)
    return [*seen, *_stored(evening), *_doubles(evening), *_done(evening), *_reached(evening), *_woken(evening)]


def _stored(evening: Evening) -> list[str]:
    """S1: what was answered 202 is there, and one trouble is one incident."""
    titles = set(Alert.objects.values_list("title", flat=True))
    broken = [f"S1: {name} was answered 202 and is nowhere" for name in sorted({*evening.named} - titles)]
    incidents = Incident.objects.count()
    return broken if incidents == 1 else [*broken, f"S1: {incidents} incidents of one trouble"]


def _doubles(evening: Evening) -> list[str]:
    """S2: a page has one key over all tries; only mail comes again, only after a doubt, and the doubt is told."""
    broken = []
    keys = defaultdict(set)
    for taken in evening.mail.log + evening.hook.log:
        keys[taken.link].add(taken.key)
    broken += [f"S2: one page went out under {len(found)} keys" for found in keys.values() if len(found) > 1]
    for key, count in Counter(taken.key for taken in evening.mail.log).items():
        if count == 1:
            continue
        if count > 1 + evening.doubts[key]:
            broken.append(f"S2: the mail {key} went out {count} times after {evening.doubts[key]} doubts")
        if not _told(key, count):
            broken.append(f"S2: the mail {key} went out {count} times and nobody is told")
    return broken


def _told(key: str, count: int) -> bool:
    """The page says 'possibly sent twice'; one that was never called sent has all its tries down as unknown."""
    page = Page.objects.get(attempt_key=key.removeprefix("page:"))
    tries = Attempt.objects.filter(job__key=key)
    if page.sent_at is None:
        return tries.filter(outcome=Outcome.UNKNOWN).count() >= count
    return page.maybe_twice and tries.filter(maybe_twice=True).exists()


def _done(evening: Evening) -> list[str]:
    """L1: nothing that was wanted is left undone, or given up."""
    broken = []
    wanted = Job.objects.filter(wanted_at__lte=evening.end)
    for kind, state, reason in wanted.values_list("kind", "state", "reason"):
        if state in (State.WAITING, State.LEASED):
            broken.append(f"L1: {kind} is left undone: {reason}")
        elif state == State.PARKED:
            broken.append(f"L1: {kind} was given up: {reason}")
    return broken


def _woken(evening: Evening) -> list[str]:
    """L4: what fires although somebody said that it is over wakes somebody, in the rule's time and some minutes."""
    since = evening.fires_since
    if since is None or any(since <= one.at <= since + LATE for one in evening.mail.log + evening.hook.log):
        return []
    return [f"L4: it fires after the end, since {since}, and woke nobody until {since + LATE}"]


def _reached(evening: Evening) -> list[str]:
    """L2: what the product calls sent, a provider has. L3: who was to be woken was, until somebody had it."""
    log = evening.mail.log + evening.hook.log
    taken = {one.key for one in log}
    broken = []
    for page in Page.objects.all():
        key = f"page:{page.attempt_key}"
        if page.sent_at is not None and key not in taken:
            broken.append(f"L2: {key} is called sent and no provider has it")
        if not page.reason and not page.answer and key not in taken:
            broken.append(f"L3: {key} was planned and never sent")
    runs = {name_of(key).run for key in taken}
    last = {name_of(key).run for key in taken if name_of(key).step == 2}
    for row in Escalation.objects.all():
        run = (row.incident_id, row.generation)
        if run not in runs:
            broken.append(f"L3: nobody was paged for the incident {row.incident_id}")
        if row.state == EscalationState.RUNNING:
            broken.append(f"L3: escalation {row.pk} never ended")
        if run not in evening.had_by and run not in last:
            broken.append(f"L3: nobody answered and no admin was told of incident {row.incident_id}")
    return broken if runs else [*broken, "L3: nobody was ever paged"]
