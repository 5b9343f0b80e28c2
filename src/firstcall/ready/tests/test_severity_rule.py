"""Changing the severity table: what is refused, what is said of a change, who may."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.people.models.user import Access
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.severity_rule import change_severity_rule
from firstcall.ready.queries.severity import rule_of, rules
from firstcall.ready.queries.severity_rule import history
from firstcall.ready.rules.severity import DEFAULTS
from firstcall.ready.rules.severity_rule import changes, fault_of, mark_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
TABLE = {row.severity: row for row in DEFAULTS}
SEV1, SEV2, SEV3, SEV4 = DEFAULTS
pytestmark = pytest.mark.clock(NOW)


def test_the_defaults_make_sense() -> None:
    assert [fault_of(row, TABLE) for row in DEFAULTS] == [None, None, None, None]


@pytest.mark.parametrize(
    ("severity", "field", "known", "sentence"),
    [
        (2, "means", {"means": " "}, "Say what SEV2 means: people choose by it at night."),
        (1, "wakes", {"wakes": "waking"}, "SEV1 has to wake somebody at any hour: it is the gravest there is."),
        (2, "wakes", {"wakes": "never"}, "SEV3 would wake people where SEV2 lets them sleep."),
        (3, "waking_to", {"waking_from": 9, "waking_to": 9}, "Waking hours end after they begin, at 24 at the latest."),
        (3, "waking_to", {"waking_to": 25}, "Waking hours end after they begin, at 24 at the latest."),
        (1, "roles", {"roles": ("scribe",)}, "Somebody has to own it: keep the incident owner."),
        (1, "roles", {"roles": ("owner", "king")}, "Choose from the roles there are."),
        (1, "first_public", {"first_public": 4},
         "Promise the first public word within 5 minutes to a day, or leave it empty."),
        (1, "first_inside", {"first_inside": 20},
         "SEV1 would wait longer than SEV2 for the first word inside and to support."),
        (1, "next_public", {"next_public": None}, "SEV1 would wait longer than SEV2 for the next public word."),
        (2, "tone", {"tone": "loud"}, "Choose how its words sound."),
        (2, "postmortem", {"postmortem": ""}, "Choose what follows when it is over."),
        (2, "wakes", {"wakes": "often"}, "Choose when it wakes somebody."),
        (1, "breaks_quiet", {"breaks_quiet": False},
         "SEV1 has to break quiet hours: it is the gravest there is."),
        (3, "tells_leadership", {"tells_leadership": True},
         "SEV3 would tell the founder or CTO at once, and SEV2 not."),
        (1, "draft_hours", {"draft_hours": 721}, "Ask for the draft within an hour to 30 days, or leave it empty."),
        (4, "draft_hours", {"draft_hours": 48}, "Leave it empty: no postmortem is asked for."),
        (4, "breaks_quiet", {"breaks_quiet": True}, "SEV4 would break quiet hours where SEV3 keeps them."),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense(severity: int, field: str, known: dict[str, Any], sentence: str) -> None:
    fault = fault_of(replace(TABLE[severity], **known), TABLE)
    assert fault is not None
    assert (fault[0], plain(fault[1])) == (field, sentence)


@pytest.mark.parametrize(
    ("before", "known", "sentence"),
    [
        (SEV2, {"means": "It is bad"}, "SEV2 will mean: ‘It is bad’."),
        (SEV3, {"wakes": "always"}, "SEV3 will wake the path at any hour."),
        (SEV3, {"wakes": "never"}, "SEV3 will wake nobody: it waits for the digest."),
        (SEV2, {"wakes": "waking"},
         "SEV2 will page only from 08:00 until 22:00; what breaks at night waits for the morning."),
        (SEV3, {"waking_from": 7, "waking_to": 24},
         "SEV3 will page only from 07:00 until 24:00; what breaks at night waits for the morning."),
        (SEV2, {"roles": (*SEV2.roles, "support_liaison")}, "SEV2 will ask for the support liaison, too."),
        (SEV2, {"roles": ("owner", "technical_lead")}, "SEV2 will no longer ask for the communications lead."),
        (SEV2, {"first_inside": 12},
         "SEV2 will promise the first word inside and to support within 12 minutes, not 15."),
        (SEV3, {"first_public": 60}, "SEV3 will promise the first public word within 60 minutes."),
        (SEV2, {"next_public": None}, "SEV2 will no longer promise the next public word."),
        (SEV2, {"look_in": 45}, "SEV2 will promise a look-in with the engineers within 45 minutes, not 30."),
        (SEV2, {"tone": "grave"}, "The words of SEV2 will sound grave."),
        (SEV3, {"postmortem": "required"}, "After SEV3 a postmortem will be asked for."),
        (SEV3, {"breaks_quiet": True}, "SEV3 will break people’s quiet hours."),
        (SEV2, {"breaks_quiet": False}, "SEV2 will keep people’s quiet hours: their pages wait until these end."),
        (SEV2, {"tells_leadership": True},
         "SEV2 will tell the founder or CTO at once, whatever their path waits for."),
        (SEV1, {"tells_leadership": False},
         "SEV1 will no longer tell the founder or CTO at once: their path says when."),
        (SEV2, {"draft_hours": 72}, "After SEV2 the postmortem will be drafted within 72 hours."),
        (SEV1, {"draft_hours": None}, "After SEV1 the draft of the postmortem will have no time of its own."),
    ],
)  # fmt: skip
def test_a_change_in_words(before: Any, known: dict[str, Any], sentence: str) -> None:
    assert [plain(one) for one in changes(before, replace(before, **known))] == [sentence]


def test_no_change_says_nothing_and_hours_nobody_waits_for_are_no_news() -> None:
    assert changes(SEV2, SEV2) == ()
    assert changes(SEV2, replace(SEV2, waking_from=6)) == ()


@pytest.mark.django_db
def test_a_change_holds_and_is_journaled(cast: Cast) -> None:
    change_severity_rule(row=replace(SEV3, wakes="always", first_inside=45), by=actor_of(cast.ada), now=NOW)
    assert (rule_of(3).wakes, rule_of(3).first_inside) == ("always", 45)
    assert [one.sentence for one in history(3)] == [
        "Ada changed what SEV3 sets in motion: SEV3 will wake the path at any hour. "
        "SEV3 will promise the first word inside and to support within 45 minutes, not 60."
    ]
    assert history(2) == []


@pytest.mark.django_db
def test_a_refused_change_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change_severity_rule(row=replace(SEV1, wakes="never"), by=actor_of(cast.ada), now=NOW)
    assert refused.value.field == "wakes"
    with pytest.raises(Refused, match="Somebody has changed it meanwhile"):
        change_severity_rule(
            row=replace(SEV1, tone="plain"), seen=mark_of(replace(SEV1, first_inside=9)), by=actor_of(cast.ada), now=NOW
        )
    with pytest.raises(Refused, match="no such severity"):
        change_severity_rule(row=replace(SEV1, severity=5), by=actor_of(cast.ada), now=NOW)
    assert tuple(rules().values()) == DEFAULTS
    assert not Entry.objects.exists()


SENT = {
    "means": SEV2.means, "wakes": "waking", "waking_from": "7", "waking_to": "21", "roles": list(SEV2.roles),
    "first_inside": "15", "first_public": "30", "next_inside": "60", "next_public": "", "look_in": "30",
    "tone": "serious", "postmortem": "required", "breaks_quiet": "on",
}  # fmt: skip


@pytest.mark.django_db
def test_an_admin_sees_what_would_change_before_keeping_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    address = "/flows/severities/2/"
    text = client.get(address).content.decode()
    seen = text.split('name="seen" value="')[1].split('"')[0]
    looked = client.post(address, {**SENT, "seen": seen, "step": "look"})
    text = looked.content.decode()
    assert "SEV2 will page only from 07:00 until 21:00; what breaks at night waits for the morning." in text
    assert "SEV2 will no longer promise the next public word." in text
    assert rule_of(2) == SEV2
    kept = client.post(address, {**SENT, "seen": seen, "step": "keep"})
    assert kept.headers["Location"] == "/flows/severities/"
    assert rule_of(2) == replace(SEV2, wakes="waking", waking_from=7, waking_to=21, next_public=None)
    table = client.get("/flows/severities/").content.decode()
    assert "the path, 07:00 to 21:00; at night it waits" in table
    assert "Ada changed what SEV2 sets in motion" in table
    again = client.post(address, {**SENT, "seen": seen, "step": "keep", "tone": "plain"})
    assert again.status_code == 422 and "Somebody has changed it meanwhile" in again.content.decode()
    assert rule_of(2).tone == "serious"


@pytest.mark.django_db
def test_the_sentence_stands_at_its_field_and_nothing_is_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    answer = client.post("/flows/severities/2/", {**SENT, "wakes": "never", "step": "look"})
    assert answer.status_code == 422
    assert "SEV3 would wake people where SEV2 lets them sleep." in answer.content.decode()
    assert client.post("/flows/severities/2/", {"step": "keep"}).status_code == 422
    assert tuple(rules().values()) == DEFAULTS


@pytest.mark.django_db
@pytest.mark.parametrize("access", [access for access in Access if access != Access.ADMIN])
def test_only_admins_change_it(client: Client, cast: Cast, access: str) -> None:
    cast.eve.access = access
    cast.eve.save()
    client.force_login(cast.eve)
    assert client.post("/flows/severities/2/", {**SENT, "step": "keep"}).status_code == 403
    assert rule_of(2) == SEV2
    assert "/flows/severities/2/" not in client.get("/flows/severities/").content.decode()
