"""From what came in to alerts, groups and the job that pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.fold import Row, fold_inbox, waiting_rows
from firstcall.detect.models.alert import Alert, AlertHour
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.inbox import InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.tests.incoming import NOW, alert, paging_jobs, poison, send
from firstcall.journal.models.entry import Entry
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

pytestmark = pytest.mark.django_db


def test_an_alert_of_a_critical_flow_pages_once_and_its_repeat_is_only_counted(source: Source) -> None:
    send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 1
    for _ in range(3):
        send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 3
    row, group = Alert.objects.get(), AlertGroup.objects.get()
    assert (row.heard.count, row.verdict, row.reason) == (4, "page", "Paged, because Checkout is critical.")
    assert (group.count, group.title, group.flow) == (4, "PaymentsFail on payments", Flow.objects.get(slug="checkout"))
    assert paging_jobs() == [f"group:{group.pk}:paged"]
    assert AlertHour.objects.get().count == 4


def test_a_second_alert_of_the_same_part_joins(source: Source) -> None:
    send(source, alert("PaymentsFail"), alert("PaymentsSlow", severity="warning"))
    fold_inbox(now=NOW)
    assert AlertGroup.objects.count() == 1
    assert Alert.objects.get(title="PaymentsSlow on payments").verdict == "join"
    assert len(paging_jobs()) == 1


def test_a_child_of_a_sick_parent_joins(source: Source) -> None:
    send(source, alert("LedgerDown", job="ledger"), alert("PaymentsFail"))
    fold_inbox(now=NOW)
    assert [row.verdict for row in Alert.objects.order_by("id")] == ["page", "join"]
    assert AlertGroup.objects.count() == 1


def test_what_does_not_matter_waits_for_the_digest(source: Source) -> None:
    send(source, alert("ReportsSlow", job="reporting"), alert("Odd", job="elsewhere", severity="warning"))
    fold_inbox(now=NOW)
    assert [row.verdict for row in Alert.objects.order_by("id")] == ["digest", "digest"]
    assert paging_jobs() == []


def test_a_resolved_alert_closes_its_group_and_firing_again_is_a_new_episode(source: Source) -> None:
    send(source, alert("PaymentsFail"))
    send(source, alert("PaymentsFail", status="resolved"))
    fold_inbox(now=NOW)
    assert AlertGroup.objects.get().closed_at == NOW
    assert Job.objects.filter(kind="reactions.group_recovered").count() == 1
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW + dt.timedelta(minutes=5))
    assert (Alert.objects.count(), AlertGroup.objects.count(), len(paging_jobs())) == (2, 2, 2)


def test_a_resolve_of_nothing_changes_nothing(source: Source) -> None:
    send(source, alert("PaymentsFail", status="resolved"))
    assert fold_inbox(now=NOW) == 1
    assert (Alert.objects.count(), AlertGroup.objects.count()) == (0, 0)


def test_what_nobody_could_read_pages_once_a_source_and_keeps_each_raw_text(source: Source) -> None:
    for _ in range(3):
        send(source, body=b'{"alerts": [{"labels": 3}]}', unreadable="Expected 'object', got 'int'.")
    send(source, body=b"\xff\x00 what is this", unreadable="The body is not readable JSON.")
    assert fold_inbox(now=NOW) == 4
    first, other = Alert.objects.order_by("id")
    assert (first.heard.count, first.verdict, first.raw) == (3, "page", '{"alerts": [{"labels": 3}]}')
    assert first.annotations == {"reason": "Expected 'object', got 'int'."}
    assert (other.heard.count, other.verdict, other.raw) == (1, "join", "\ufffd\ufffd what is this")
    assert AlertGroup.objects.get().title == "A message from Prometheus that we could not read"
    assert len(paging_jobs()) == 1


def test_what_is_unreadable_never_looks_smaller_than_it_may_be(source: Source) -> None:
    source.component = Component.objects.get(slug="reporting")
    source.save()
    send(source, body=b"?", unreadable="The body is not readable JSON.")
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    assert (group.verdict, group.component, group.flow) == ("page", None, None)


def test_what_is_unreadable_after_an_hour_of_silence_pages_again(source: Source) -> None:
    for minutes in (0, 50, 100, 170):
        now = NOW + dt.timedelta(minutes=minutes)
        send(source, body=b"?", unreadable="The body is not readable JSON.", at=now)
        fold_inbox(now=now)
    assert [group.closed_at for group in AlertGroup.objects.order_by("id")] == [NOW + dt.timedelta(minutes=170), None]
    assert len(paging_jobs()) == 2


def test_what_the_door_took_but_no_source_reads_is_unreadable_too(source: Source) -> None:
    send(source, body=b"not json at all")
    assert fold_inbox(now=NOW) == 1
    assert (Alert.objects.get().verdict, Alert.objects.get().raw) == ("page", "not json at all")


def test_a_poisoned_row_is_parked_after_five_tries_still_pages_and_holds_nobody_back(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, "Poison")
    bad = send(source, alert("Poison"))
    send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 1
    assert Alert.objects.get().title == "PaymentsFail on payments"
    for tries in (2, 3, 4):
        assert fold_inbox(now=NOW) == 0
        bad.refresh_from_db()
        assert (bad.state, bad.tries, bad.reason) == (InboxState.NEW, tries, "ArithmeticError: a bug")
    assert fold_inbox(now=NOW) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.tries) == (InboxState.PARKED, 5)
    shown = Alert.objects.get(group__key=f"unreadable:{source.pk}")
    assert shown.verdict == "page" and '"alertname": "Poison"' in shown.raw
    assert len(paging_jobs()) == 2
    assert Entry.objects.filter(kind="inbox.parked").count() == 1
    assert fold_inbox(now=NOW) == 0


def test_a_row_that_was_tried_is_folded_once_the_bug_is_gone(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        poison(patch, "Poison")
        send(source, alert("Poison"))
        assert fold_inbox(now=NOW) == 0
        assert (Alert.objects.count(), paging_jobs()) == (0, [])
    assert fold_inbox(now=NOW) == 1
    assert (Alert.objects.get().rule, len(paging_jobs())) == ("Poison", 1)


def test_two_workers_never_fold_a_row_twice(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    send(source, alert("PaymentsFail"))
    other = waiting_rows

    def meanwhile(at_most: int, *, failed_before: bool) -> list[Row]:
        rows = other(at_most, failed_before=failed_before)
        if not failed_before:
            monkeypatch.undo()
            assert fold_inbox(now=NOW) == 1
        return rows

    monkeypatch.setattr("firstcall.detect.commands.fold.waiting_rows", meanwhile)
    assert fold_inbox(now=NOW) == 0
    assert (Alert.objects.get().heard.count, len(paging_jobs())) == (1, 1)


def test_rows_are_folded_in_order_also_within_a_batch(source: Source) -> None:
    for status in ("firing", "firing", "resolved", "firing", "resolved"):
        send(source, alert("PaymentsFail", status=status))
    fold_inbox(now=NOW)
    assert [(row.heard.count, row.verdict, row.ended_at) for row in Alert.objects.order_by("id")] == [
        (2, "page", NOW),
        (1, "join", NOW),
    ]
    assert (AlertGroup.objects.get().closed_at, AlertGroup.objects.get().count) == (NOW, 3)
    assert len(paging_jobs()) == 1


def test_a_group_that_waited_pages_when_it_gets_worse(source: Source) -> None:
    send(source, alert("Slow", severity="info"))
    fold_inbox(now=NOW)
    assert (AlertGroup.objects.get().verdict, paging_jobs()) == ("digest", [])
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    assert (group.verdict, group.title, group.reason) == (
        "page", "PaymentsFail on payments", "Paged, because Checkout is critical.",
    )  # fmt: skip
    assert len(paging_jobs()) == 1


def test_what_nobody_speaks_of_for_a_day_is_closed_without_calling_it_well(source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    later = NOW + dt.timedelta(hours=26)
    send(source, alert("PaymentsFail"), at=later)
    fold_inbox(now=later)
    old, new = Alert.objects.order_by("id")
    assert (old.ended_at, new.ended_at, new.verdict) == (NOW, None, "page")
    assert len(paging_jobs()) == 2
    assert not Job.objects.filter(kind="reactions.group_recovered").exists()
    assert Entry.objects.filter(kind="group.fell_silent").count() == 1


def test_an_unknown_part_is_grouped_by_its_rule(source: Source) -> None:
    send(source, alert("DiskFull", job="a"), {**alert("DiskFull", job="b"), "fingerprint": "other"})
    send(source, alert("NoPower", job="a"))
    fold_inbox(now=NOW)
    assert [(row.rule, row.verdict) for row in Alert.objects.order_by("id")] == [
        ("DiskFull", "page"), ("DiskFull", "join"), ("NoPower", "page"),
    ]  # fmt: skip
    assert len(paging_jobs()) == 2


def test_a_heartbeat_is_dropped_says_so_and_keeps_no_group_open(source: Source) -> None:
    send(source, alert("PaymentsFail"), alert("Watchdog", severity="none"))
    send(source, alert("PaymentsFail", status="resolved"))
    fold_inbox(now=NOW)
    watchdog = Alert.objects.get(rule="Watchdog")
    assert [group.closed_at for group in AlertGroup.objects.order_by("id")] == [NOW, None]
    assert (watchdog.verdict, watchdog.reason) == (
        "drop", "Dropped: Prometheus itself says that nothing is wrong.",
    )  # fmt: skip
    assert not Entry.objects.filter(subject=f"group:{watchdog.group_id}").exists()


def test_a_storm_of_new_alerts_is_told_in_a_few_words(source: Source) -> None:
    send(source, *[alert(f"A{n}", severity="warning", job="elsewhere") for n in range(40)])
    send(source, *[alert(f"B{n}") for n in range(40)])
    fold_inbox(now=NOW)
    assert Counter(Alert.objects.values_list("verdict", flat=True)) == {"digest": 40, "page": 1, "join": 39}
    kinds = Entry.objects.filter(subject__startswith="group:").values_list("kind", flat=True)
    assert sorted(kinds) == ["alerts.joined", "group.paged", "groups.wait"]
