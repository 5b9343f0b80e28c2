"""The journal never changes and never skips."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from firstcall.journal.commands.entry import number_entries, record, redact
from firstcall.journal.events import REDACTED_KIND
from firstcall.journal.models.entry import Entry, Facts
from firstcall.journal.queries.entry import news_after, position_of_news
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)


def write(reason: str = "a") -> Entry:
    return record(REDACTED_KIND, by=MACHINE, now=NOW, subject="alert:1", incident=42, reason=reason)


@pytest.mark.django_db
def test_positions_follow_the_order_of_commits() -> None:
    first, second = write(), write()
    number_entries()
    assert [place.entry for place in news_after(0)] == [first, second]
    assert position_of_news() == 2
    assert [place.entry for place in news_after(1)] == [second]


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_entry_never_changes(change: str) -> None:
    entry = write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if change == "update":
            Entry.objects.filter(pk=entry.pk).update(kind="x")
        else:
            Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    assert Entry.objects.get().kind == "journal.redacted"


@pytest.mark.django_db
def test_facts_can_only_be_redacted_whole_and_the_reason_stays() -> None:
    entry = write("a password")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Facts.objects.filter(entry=entry).update(data={"reason": "other"})
    with pytest.raises(Refused):
        redact(entry=entry, by=MACHINE, now=NOW, reason=" ")
    assert Facts.objects.get(entry=entry).data == {"reason": "a password"}
    redact(entry=entry, by=MACHINE, now=NOW, reason="a password was pasted")
    assert Facts.objects.get(entry=entry).data == {"redacted": True}
    assert Entry.objects.count() == 2
    assert connection.vendor in ("sqlite", "postgresql")
