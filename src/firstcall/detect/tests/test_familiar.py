"""What comes again and again costs little, and is folded as if it were read each time."""

from __future__ import annotations

import datetime as dt
import gc
import json
import zlib
from functools import partial

import pytest
from pytest_django import DjangoAssertNumQueries

from firstcall.detect.commands.fold import Fold, Memory, fold_inbox
from firstcall.detect.commands.group import close_group
from firstcall.detect.models.alert import Alert, AlertHour, Heard
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.rules.signal import Signal
from firstcall.detect.sources import alertmanager
from firstcall.detect.tests.incoming import NOW, alert, paging_jobs, poison, send, send_together
from firstcall.kernel.actor import MACHINE
from tests.holds import LIMIT, Holds

pytestmark = pytest.mark.django_db


def test_a_batch_of_five_hundred_rows_is_quick_for_everybody_else(source: Source, holds: Holds) -> None:
    def batch(name: str) -> None:
        for n in range(500):
            send(source, *[alert(f"{name}{n % 25}", job=f"service-{n % 20}", severity="warning")] * 4)
        gc.collect()  # what earlier tests left behind is not this one's
        assert fold_inbox(now=NOW) == 500

    assert holds.longest_of(*[partial(batch, name) for name in "ABC"]) <= LIMIT


def test_ten_thousand_repeats_cost_few_statements(
    source: Source, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(source, *[alert(f"A{n}", job="payments") for n in range(20)])
    fold_inbox(now=NOW)
    for _ in range(100):
        send(source, *[alert(f"A{n}", job="payments") for n in range(20)])
    with django_assert_max_num_queries(20):
        assert fold_inbox(now=NOW) == 100
    assert set(Heard.objects.values_list("count", flat=True)) == {101}


def test_what_repeats_word_for_word_is_not_read_again(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    fold = Fold()
    body = json.dumps({"version": "4", "alerts": [alert(f"A{n}") for n in range(3)]}).encode()
    send(source, body=body)
    fold.run(now=NOW)
    later = NOW + dt.timedelta(minutes=1)
    for _ in range(4):
        send(source, body=body, at=later)
    monkeypatch.setattr(alertmanager, "decode", lambda body: pytest.fail("was read again"))
    assert fold.run(now=later) == 4
    assert set(Heard.objects.values_list("count", "last_at")) == {(5, later)}
    assert (AlertGroup.objects.get().count, AlertHour.objects.filter(count=5).count()) == (15, 3)


def test_a_familiar_body_is_read_again_once_something_of_it_has_ended(source: Source) -> None:
    fold = Fold()
    firing = json.dumps({"version": "4", "alerts": [alert("PaymentsFail"), alert("Slow")]}).encode()
    send(source, body=firing)
    fold.run(now=NOW)
    send(source, body=firing)
    send(source, alert("Slow", status="resolved"))
    send(source, body=firing)
    assert fold.run(now=NOW) == 3
    assert list(Alert.objects.order_by("id").values_list("rule", "heard__count", "ended_at")) == [
        ("PaymentsFail", 3, None), ("Slow", 2, NOW), ("Slow", 1, None),
    ]  # fmt: skip
    send(source, alert("Slow", status="resolved"))
    fold.run(now=NOW)
    send(source, body=firing)
    fold.run(now=NOW)
    assert Alert.objects.filter(rule="Slow").count() == 3


def test_what_ends_by_the_clock_is_read_each_time(source: Source) -> None:
    fold = Fold()
    end = NOW + dt.timedelta(minutes=4)
    body = json.dumps(
        [{"labels": {"alertname": "PaymentsFail", "job": "payments"}, "endsAt": end.isoformat()}]
    ).encode()
    for minutes in (0, 1, 5):
        now = NOW + dt.timedelta(minutes=minutes)
        send(source, body=body, at=now)
        fold.run(now=now)
    assert Alert.objects.get().ended_at == NOW + dt.timedelta(minutes=5)


def test_what_is_remembered_has_an_end(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstcall.detect.commands.fold.MOST_FAMILIAR", 5)
    memory = Memory()
    names = [(source.pk, "alertmanager", b"%d" % n) for n in range(4)]
    for name in [*names, names[-1], names[-1]]:
        memory.keep(name, [Signal(f"{name[2].decode()}{n}", True, "x", "error") for n in range(2)])
    bodies = [memory.body(name) for name in names]
    assert [body and body.identities for body in bodies] == [
        None, None, ((source.pk, "20"), (source.pk, "21")), ((source.pk, "30"), (source.pk, "31")),
    ]  # fmt: skip


def test_what_is_stored_together_is_folded_in_its_order(source: Source) -> None:
    send_together(source, *[[alert("PaymentsFail", status=status)] for status in ("firing", "firing", "resolved")])
    assert fold_inbox(now=NOW) == 1
    assert (Heard.objects.get().count, Alert.objects.get().ended_at) == (2, NOW)


def test_one_bad_body_of_many_is_set_aside_alone(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, "Poison")
    row = send_together(source, [alert("PaymentsFail")], [alert("Poison")], [alert("PaymentsFail", status="resolved")])
    assert fold_inbox(now=NOW) == 1
    row.refresh_from_db()
    bad = Inbox.objects.exclude(pk=row.pk).get()
    assert (row.state, bad.state, bad.tries, bad.held) == (InboxState.FOLDED, InboxState.NEW, 1, 1)
    assert b"Poison" in zlib.decompress(bytes(bad.body))
    assert [(one.rule, one.ended_at) for one in Alert.objects.all()] == [("PaymentsFail", NOW)]
    for _ in range(4):
        fold_inbox(now=NOW)
    bad.refresh_from_db()
    assert (bad.state, bad.tries) == (InboxState.PARKED, 5)
    assert Alert.objects.get(group__key=f"unreadable:{source.pk}").verdict == "page"


def test_what_was_known_to_fire_and_was_ended_by_a_person_is_news_again(source: Source) -> None:
    fold = Fold()
    for _ in range(2):
        send(source, alert("PaymentsFail"))
        fold.run(now=NOW)
    close_group(group=AlertGroup.objects.get(), by=MACHINE, now=NOW)
    send(source, alert("PaymentsFail"))
    assert fold.run(now=NOW) == 0
    assert Heard.objects.get().count == 2
    assert fold.run(now=NOW) == 1
    assert [(one.heard.count, one.ended_at) for one in Alert.objects.order_by("id")] == [(2, NOW), (1, None)]
    assert len(paging_jobs()) == 2


def test_each_repeat_counts_whichever_bodies_name_the_alert_and_however_often(source: Source) -> None:
    fold, second = Fold(), dt.timedelta(seconds=1)
    alone, twice, both = ([alert(name) for name in names] for names in (["A"], ["A", "A"], ["A", "B"]))
    for messages in ([alone], [twice], [both]):
        send_together(source, *messages)
    fold.run(now=NOW)
    assert sorted(Heard.objects.values_list("alert__rule", "count")) == [("A", 4), ("B", 1)]
    send_together(source, alone, both, alone, twice)
    send(source, *both, at=NOW + second)
    send(source, *alone, at=NOW + second * 1.5)
    assert fold.run(now=NOW) == 3
    assert sorted(Heard.objects.values_list("alert__rule", "count", "last_at")) == [
        ("A", 11, NOW + second * 1.5), ("B", 3, NOW + second * 1.5),
    ]  # fmt: skip
    assert (AlertGroup.objects.get().count, sorted(AlertHour.objects.values_list("rule", "verdict", "count"))) == (
        14, [("A", "page", 11), ("B", "join", 3)],
    )  # fmt: skip


def test_known_alerts_repeat_within_what_is_new(source: Source) -> None:
    fold = Fold()
    send(source, alert("PaymentsFail"))
    fold.run(now=NOW)
    send_together(source, [alert("PaymentsFail")], [alert("PaymentsFail"), alert("Slow", severity="warning")])
    assert fold.run(now=NOW) == 1
    send_together(source, [alert("Slow", severity="warning")], [alert("PaymentsFail")])
    assert fold.run(now=NOW) == 1
    assert sorted(Heard.objects.values_list("alert__rule", "count")) == [("PaymentsFail", 4), ("Slow", 2)]
    assert AlertGroup.objects.get().count == 6
