"""A promised call has an owner and a clock, and is kept once."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.call_back import keep_call_back, promise_call_back
from firstcall.respond.commands.put_off import put_off
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.queries.call_back import open_call_backs
from firstcall.respond.queries.put_off import offs_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 10, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def promise(cast: Cast, *, minutes: int = 15, name: str = "Bakery Union") -> CallBack:
    return promise_call_back(
        incident=None,
        customer=None,
        customer_name=name,
        owner=cast.ada,
        due_at=NOW + minutes * MINUTE,
        by=actor_of(cast.ada),
        now=NOW,
    )


def test_it_waits_until_it_is_kept(cast: Cast) -> None:
    call = promise(cast)
    assert open_call_backs(viewer=cast.ada) == [call]
    for _ in range(2):
        keep_call_back(call=call, by=actor_of(cast.ada), now=NOW + 20 * MINUTE)
    assert open_call_backs(viewer=cast.ada) == []
    assert [entry.kind for entry in Entry.objects.order_by("id")] == ["call_back.promised", "call_back.done"]
    assert Entry.objects.get(kind="call_back.done").facts.data["late"] is True


@pytest.mark.parametrize(("minutes", "name"), [(0, "Bakery Union"), (15, " ")])
def test_a_promise_without_a_name_or_a_time_to_come_is_refused(cast: Cast, minutes: int, name: str) -> None:
    with pytest.raises(Refused):
        promise(cast, minutes=minutes, name=name)
    assert (CallBack.objects.count(), Entry.objects.count()) == (0, 0)


def test_what_is_put_off_is_off_for_ten_minutes_for_this_person_alone(cast: Cast) -> None:
    put_off(user=cast.ada, key="need:1", fact="a", now=NOW)
    put_off(user=cast.ada, key="need:1", fact="b", now=NOW + MINUTE)
    assert offs_of(viewer=cast.ada, now=NOW + 10 * MINUTE)["need:1"].fact == "b"
    assert offs_of(viewer=cast.ada, now=NOW + 11 * MINUTE) == {}
    assert offs_of(viewer=cast.ben, now=NOW) == {}
    assert Entry.objects.count() == 0
