"""Who is asked what while people work: engineers, the tired, who hands over, and all when an owner is gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.desk.crew import crew_prompts
from firstcall.desk.standing import standings
from firstcall.kernel import clock
from firstcall.kernel.say import plain
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.provider import Provider
from firstcall.respond.commands.care_check import answer_care, ask_care
from firstcall.respond.commands.handover import note_handover_late, offer_handover
from firstcall.respond.commands.look_in import ask_look_in, note_late
from firstcall.respond.commands.presence import note_quiet
from firstcall.respond.commands.ring import ask_ring
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.care_check import CareCheck
from firstcall.respond.models.handover import Handover
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.models.ring import Ring
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.queries.role import holdings_of
from firstcall.respond.rules.queue import Order, Prompt
from tests.friday import MINUTE, NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
HOUR = dt.timedelta(hours=1)


def asked(person: User, *, now: dt.datetime = NOW) -> dict[str, Prompt]:
    standing = standings([Incident.objects.get()], viewer=person, now=now)[0]
    return {one.key.split(":")[0]: one for one in crew_prompts(person, standing, now=now)}


def look_in(friday: Friday) -> LookIn:
    """Ben leads and is looked in with at 23:12."""
    by = actor_of(friday.cast.ben)
    take_role(incident=friday.incident, role="technical_lead", user=friday.cast.ben, by=by, now=NOW - 20 * MINUTE)
    row = ask_look_in(incident_id=friday.incident.pk, due_at=NOW, now=NOW)
    assert row is not None
    return row


def test_the_lead_is_asked_what_is_missing_and_the_owner_whether_the_severity_holds(friday: Friday) -> None:
    look_in(friday)
    assert set(asked(friday.cast.ben)) == {"look_in"}
    assert set(asked(friday.cast.ada)) == {"still"}
    assert asked(friday.cast.cleo) == {}
    severity = friday.incident.severity
    assert plain(asked(friday.cast.ben)["look_in"].sentence) == "Do you have what you need? Is anything blocked?"
    assert plain(asked(friday.cast.ada)["still"].verb) == f"Still SEV{severity}"


def test_no_answer_for_five_minutes_reaches_the_owner(friday: Friday) -> None:
    note_late(look_in_id=look_in(friday).pk, now=NOW + 5 * MINUTE)
    said = asked(friday.cast.ada, now=NOW + 5 * MINUTE)
    assert set(said) == {"look_in_late", "still"}
    assert said["look_in_late"].order == Order.EMPTY_ROLE
    assert plain(said["look_in_late"].sentence).startswith("Ben has not answered the look-in of ")


def test_both_answers_by_their_buttons(client: Client, friday: Friday) -> None:
    row = look_in(friday)
    room = f"/incidents/{friday.incident.pk}/"
    client.force_login(friday.cast.ben)
    text = client.get(room).content.decode()
    for words in (
        "Do you have what you need?",
        "I have all I need",
        "Someone asked me all the same",
        "Ask me in ten minutes",
    ):
        assert words in text
    client.post(f"{room}look-ins/{row.pk}/answered/")
    client.post(f"{room}interrupted/")
    text = client.get(room).content.decode()
    assert "Interrupted 1 time." in text
    assert "Ben at the look-in: nothing is missing" in " ".join(text.replace("<strong>Ben</strong>", "Ben").split())
    client.force_login(friday.cast.ada)
    client.post(f"{room}severity/kept/", {"severity": "3"})  # it was another one when she looked
    assert LookIn.objects.get(pk=row.pk).kept_at is None
    client.post(f"{room}severity/kept/", {"severity": "2"})
    row.refresh_from_db()
    assert (row.answered_by, row.ended_at, row.kept_at) == (friday.cast.ben, NOW, NOW)


def test_put_off_it_comes_back_in_ten_minutes(client: Client, friday: Friday) -> None:
    row = look_in(friday)
    client.force_login(friday.cast.ben)
    client.post("/put-off/", {"key": f"look_in:{row.pk}", "fact": row.due_at.isoformat(), "back": "/"})
    room = f"/incidents/{friday.incident.pk}/"
    assert "Do you have what you need?" not in client.get(room).content.decode()
    with clock.read_from(lambda: NOW + 10 * MINUTE):
        assert "Do you have what you need?" in client.get(room).content.decode()


def test_the_tired_are_asked_and_somebody_sees_to_food(client: Client, friday: Friday) -> None:
    room = f"/incidents/{friday.incident.pk}/"
    late = NOW + 3 * HOUR
    check = ask_care(incident_id=friday.incident.pk, user_id=friday.cast.ada.pk, now=late)
    assert check is not None
    said = asked(friday.cast.ada, now=late)
    assert set(said) == {"care", "food"}
    assert plain(said["care"].sentence) == "You have been at this for 3 hours. Are you all right?"
    assert plain(said["food"].sentence) == "Ada: hours at work. Bring food, see that they rest."
    by = actor_of(friday.cast.dana)
    take_role(incident=friday.incident, role="leadership_liaison", user=friday.cast.ben, by=by, now=late)
    assert set(asked(friday.cast.ada, now=late)) == {"care"}
    assert set(asked(friday.cast.ben, now=late)) == {"food"}
    client.force_login(friday.cast.ben)
    client.post(f"{room}care/seen/")
    assert asked(friday.cast.ben, now=late) == {}
    client.force_login(friday.cast.ada)
    page = client.post(f"{room}care/", {"answer": "relief"})
    assert page.headers["Location"] == f"{room}hand-over/"
    assert CareCheck.objects.get().answer == "relief"


def test_who_wants_relief_is_a_person_blocked(friday: Friday) -> None:
    look_in(friday)
    late = NOW + 3 * HOUR
    check = ask_care(incident_id=friday.incident.pk, user_id=friday.cast.ben.pk, now=late)
    assert check is not None
    answer_care(check=check, answer="relief", by=actor_of(friday.cast.ben), now=late)
    said = asked(friday.cast.ada, now=late)
    assert (said["relief"].order, plain(said["relief"].sentence)) == (Order.BLOCKED, "Ben wants to be relieved.")
    assert said["relief"].target.endswith("/roles/?role=technical_lead")


def test_a_role_is_handed_over_with_a_note_and_accepted(client: Client, friday: Friday) -> None:
    room = f"/incidents/{friday.incident.pk}/"
    client.force_login(friday.cast.ada)
    assert "Offer it" in client.get(f"{room}hand-over/").content.decode()
    refused = client.post(f"{room}hand-over/", {"role": "owner", "taker": friday.cast.cleo.pk, "note": " "})
    assert (refused.status_code, Handover.objects.count()) == (422, 0)
    client.post(f"{room}hand-over/", {"role": "owner", "taker": friday.cast.cleo.pk, "note": "Ring Bakery Union."})
    row = Handover.objects.get()
    client.force_login(friday.cast.ben)
    client.post(f"{room}hand-over/{row.pk}/", {"answer": "accept"})
    client.force_login(friday.cast.cleo)
    text = client.get(room).content.decode()
    for words in ("Ada hands over to you: incident owner.", "Read and answer", "Ring Bakery Union."):
        assert words in text
    page = client.get(f"{room}hand-over/{row.pk}/").content.decode()
    assert "Ring Bakery Union." in page
    assert "I take over" in page
    client.post(f"{room}hand-over/{row.pk}/", {"answer": "accept"})
    held = {one.role: one.user.name for one in holdings_of([friday.incident.pk], viewer=friday.cast.ada)}
    assert held["owner"] == "Cleo"
    assert "This offer has ended: accepted" in client.get(f"{room}hand-over/{row.pk}/").content.decode()


def test_an_offer_nobody_answers_comes_back_to_who_gave_it(friday: Friday) -> None:
    row = offer_handover(
        incident=friday.incident, role="owner", giver=friday.cast.ada, taker=friday.cast.ben, note="All is said.",
        by=actor_of(friday.cast.ada), now=NOW,
    )  # fmt: skip
    assert set(asked(friday.cast.ben)) == {"handover"}
    assert asked(friday.cast.ada) == {}
    note_handover_late(handover_id=row.pk, now=NOW + 5 * MINUTE)
    said = asked(friday.cast.ada, now=NOW + 5 * MINUTE)
    assert plain(said["handover_late"].sentence) == "Ben has not answered: incident owner is still yours."


def test_an_owner_without_a_sign_can_be_taken_over_by_anyone_else(client: Client, friday: Friday) -> None:
    owner = RoleHolding.objects.get(role="owner")
    note_quiet(holding=owner, since=NOW - 20 * MINUTE, what="a word to support", now=NOW)
    assert asked(friday.cast.ada) == {}
    assert set(asked(friday.cast.ben)) == {"quiet"}
    assert asked(friday.cast.dana) == {}
    client.force_login(friday.cast.ben)
    room = f"/incidents/{friday.incident.pk}/"
    text = client.get(f"{room}?view=all").content.decode()
    assert "Ada owns this and gives no sign since" in text
    assert "no sign since" in text
    client.post(f"{room}roles/take/", {"role": "owner"})
    assert "Take over?" not in client.get(room).content.decode()


def test_who_is_to_ring_a_provider_has_its_number_until_they_have(client: Client, friday: Friday) -> None:
    ben, eve = friday.cast.ben, friday.cast.eve
    gate = Provider.objects.create(slug="gate", name="CardGate", phone="+49 30 5550 0200", contract="4471")
    ask_ring(incident=friday.incident, provider=gate, asked=eve, now=NOW)
    prompt = asked(eve)["ring"]
    assert plain(prompt.sentence) == "Ring CardGate: +49 30 5550 0200, contract 4471."
    assert (prompt.order, prompt.other_target) == (Order.QUESTION, "tel:+49 30 5550 0200")
    assert "ring" not in asked(ben)
    client.force_login(eve)
    assert "Ring CardGate: +49 30 5550 0200, contract 4471." in client.get("/").content.decode()
    assert client.post(prompt.target).status_code == 302
    assert (Ring.objects.get().rung_by, "ring" in asked(eve)) == (eve, False)
    elsewhere = prompt.target.replace(f"/incidents/{friday.incident.pk}/", "/incidents/987654/")
    assert client.post(elsewhere).status_code == 404


def test_with_nobody_asked_the_owner_rings_and_without_a_number_it_says_so(friday: Friday) -> None:
    gate = Provider.objects.create(slug="gate", name="CardGate")
    ask_ring(incident=friday.incident, provider=gate, asked=None, now=NOW)
    prompt = asked(friday.cast.ada)["ring"]
    assert (plain(prompt.sentence), prompt.other_verb) == ("Ring CardGate.", None)
    assert prompt.note is not None and "Its number is not written down" in plain(prompt.note)
