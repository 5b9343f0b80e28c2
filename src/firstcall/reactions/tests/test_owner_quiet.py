"""An owner who gives no sign while a promised word is late: said once, and gone with the next sign."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.people.queries.actor import actor_of
from firstcall.reactions.owner_quiet import owner_quiet
from firstcall.respond.commands.incident import change_state, note_finding
from firstcall.respond.models.role import RoleHolding
from tests.friday import make_friday

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def quiet() -> tuple[dt.datetime | None, int]:
    return RoleHolding.objects.get(role="owner").quiet_since, Entry.objects.filter(kind="owner.quiet").count()


def test_said_once_until_the_next_sign() -> None:
    friday = make_friday()
    sign = Entry.objects.filter(by_id=friday.cast.ada.pk).latest("at").at
    owner_quiet(now=sign + 14 * MINUTE)
    assert quiet() == (None, 0)
    owner_quiet(now=sign + 30 * MINUTE)
    owner_quiet(now=sign + 31 * MINUTE)
    assert quiet() == (sign, 1)
    note_finding(incident=friday.incident, what="Still here.", by=actor_of(friday.cast.ada), now=sign + 32 * MINUTE)
    owner_quiet(now=sign + 33 * MINUTE)
    assert quiet() == (None, 1)
    owner_quiet(now=sign + 48 * MINUTE)
    assert quiet() == (sign + 32 * MINUTE, 2)


def test_what_is_over_waits_for_nobody() -> None:
    friday = make_friday()
    by = actor_of(friday.cast.ada)
    sign = Entry.objects.filter(by_id=friday.cast.ada.pk).latest("at").at
    change_state(incident=friday.incident, state="resolved", by=by, now=sign, reason="it lags", all_the_same=True)
    owner_quiet(now=sign + 60 * MINUTE)
    assert quiet() == (None, 0)
