"""Asks providers how they are, a few at a time, each at its own time. No transaction is open meanwhile."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from firstcall.deliver.kinds import manages
from firstcall.deliver.transport import Transport
from firstcall.detect.commands.provider_status import keep_heard, take_provider
from firstcall.detect.feeds.asking import Question, ask
from firstcall.detect.models.provider_status import ProviderStatus
from firstcall.detect.queries.provider_status import providers_due

AT_ONCE = 4


@cache
def _door() -> Transport:
    return Transport(connections=AT_ONCE)


def _question(row: ProviderStatus, *, parts: str) -> Question:
    """Without the tags of the last answer where the parts that we use have changed: it has to be judged again."""
    if row.ours != parts:
        return Question(row.asked_url, row.address)
    return Question(row.asked_url, row.address, row.etag, row.modified)


@manages("detect.provider_status", lane="feeds", every=15.0, rest=2.0)
def ask_due(*, now: dt.datetime) -> int:
    """One round of up to four; how many were asked."""
    taken = [
        (row, provider.status_parts)
        for provider in providers_due(now=now, at_most=AT_ONCE)
        if (row := take_provider(provider=provider, now=now)) is not None
    ]
    if not taken:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        heard = list(pool.map(partial(ask, _door()), [_question(row, parts=parts) for row, parts in taken]))
    for (row, _parts), one in zip(taken, heard, strict=True):
        keep_heard(status=row, heard=one, now=now)
    return len(taken)
