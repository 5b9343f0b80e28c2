"""The room answers, folds, acts and stays bounded; what may not be seen isn't there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstcall.desk.room import REGIONS
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.group import AlertGroup
from firstcall.inform.commands.update import publish_update
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.severity import SeverityRule
from firstcall.respond.commands.call_back import keep_call_back, promise_call_back
from firstcall.respond.commands.incident import change_state, restrict_incident
from firstcall.respond.commands.need import ask_need
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.need import Need
from firstcall.respond.models.role import RoleHolding
from tests.friday import MINUTE, NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
BOUND = 45  # statements of the whole room, signing in and the frame included


def room(friday: Friday, part: str = "") -> str:
    return f"/incidents/{friday.incident.pk}/{part}"


def test_the_first_screen_answers_the_four_questions_in_order(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    text = client.get(room(friday)).content.decode()
    places = [text.index(words) for words in ("What broke", "Who is hit", "Who must hear", "How bad")]
    assert places == sorted(places)
    for words in ("Transactions fail at ‘Checkout’.", "Up to 2 of 3 customers.", "SEV2", "€6,200"):
        assert words in text
    assert "18 min" in text
    assert 'data-live="incident:' in text


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_comes_alone(client: Client, friday: Friday, region: str) -> None:
    client.force_login(friday.cast.ada)
    text = client.get(room(friday), {"region": region}, headers={"HX-Request": "true"}).content.decode()
    assert f'data-region="{region}"' in text
    assert text.count("data-region=") == 1
    assert "<html" not in text


def test_a_region_nobody_knows_is_not_there(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    assert client.get(room(friday), {"region": "secrets"}).status_code == 404


def test_statements_do_not_grow_with_what_happened(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    client.get(room(friday))
    with CaptureQueriesContext(connection) as before:
        client.get(room(friday))
    for n in range(20):
        ask_need(
            incident=friday.incident, what=f"need {n}", asked_by=friday.cast.ben, with_whom=friday.cast.dana,
            by=actor_of(friday.cast.ben), now=NOW - 9 * MINUTE,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as after:
        client.get(room(friday))
    assert len(after) == len(before) <= BOUND


def test_an_engineer_sees_his_work_and_no_audience_and_no_money(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ben)
    text = client.get(room(friday)).content.decode()
    for words in ("CG-504 authorisation timed out", "Nobody will ask you for news", "Read the last 20 errors."):
        assert words in text
    for words in ("€", "Who must hear", "Holding update"):
        assert words not in text
    assert "Who must hear" in client.get(room(friday), {"view": "all"}).content.decode()


def test_a_restricted_room_is_not_there_for_others(client: Client, friday: Friday) -> None:
    restrict_incident(incident=friday.incident, restricted=True, named=[], by=actor_of(friday.cast.ada), now=NOW)
    client.force_login(friday.cast.eve)
    hidden, missing = client.get(room(friday)), client.get("/incidents/999/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "Card payments" not in client.get("/").content.decode()
    assert "All flows are well" not in client.get("/").content.decode()
    assert "Card payments" not in client.get("/incidents/").content.decode()
    client.force_login(friday.cast.ada)
    assert client.get(room(friday)).status_code == 200


def test_who_may_only_read_changes_nothing(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.dana)
    text = client.get(room(friday)).content.decode()
    assert "Post update" not in text
    for part in ("accept/", "roles/take/", "have-it/", "wake/"):
        assert client.post(room(friday, part), {"role": "owner"}).status_code == 403
    for part in ("state/", "severity/", "needs/", "decisions/", "known/", "note/", "roles/", "bring-in/", "restrict/"):
        assert client.get(room(friday, part)).status_code == 403
    assert RoleHolding.objects.get(role="owner", until=None).user == friday.cast.ada


def test_without_signing_in_there_is_the_door(client: Client, friday: Friday) -> None:
    answer = client.get(room(friday))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_a_need_goes_from_ben_to_dana_and_is_met(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ben)
    assert client.post(room(friday, "needs/"), {"what": " "}).status_code == 422
    assert Need.objects.count() == 0
    asked = client.post(
        room(friday, "needs/"), {"what": "production read access", "with_whom": friday.cast.dana.pk, "blocks": "yes"}
    )
    assert asked.status_code == 302
    need = Need.objects.get()
    client.force_login(friday.cast.dana)
    assert "Ben waits for: production read access." in client.get("/").content.decode()
    client.force_login(friday.cast.ben)
    assert "You wait for: production read access." in client.get(room(friday)).content.decode()
    client.post(room(friday, f"needs/{need.pk}/met/"))
    need.refresh_from_db()
    assert (need.met_at, need.met_by) == (NOW, friday.cast.ben)


def test_a_decision_starts_ready_made_is_compared_and_taken(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    start = client.get(room(friday, "decisions/"), {"start": "roll-back"}).content.decode()
    assert "Roll back, or fix forward?" in start
    options = {"title0": "Roll back", "users0": "a", "data0": "b", "say0": "c", "title1": "Fix forward"}
    sent = {"question": "Roll back?", "again": "23:30", "then": "decide", **options}
    assert client.post(room(friday, "decisions/"), {**sent, "again": "soon"}).status_code == 422
    assert client.post(room(friday, "decisions/"), sent).status_code == 200
    decision = Decision.objects.get()
    assert decision.look_again_at == dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC)
    path = room(friday, f"decisions/{decision.pk}/")
    assert client.post(path, {"then": "later", "again": ""}).status_code == 422
    assert client.post(path, {"then": "later", "again": "23:45", "chosen": "0", "why": "x"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.look_again_at, decision.decided_at) == (dt.datetime(2026, 11, 20, 22, 45, tzinfo=dt.UTC), None)
    for chosen in ("²", "9" * 5000):
        assert client.post(path, {"chosen": chosen, "why": "it is quick"}).status_code == 422
    assert client.post(path, {"chosen": "0"}).status_code == 422
    assert client.post(path, {"chosen": "0", "why": "it is quick"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.chosen, decision.decided_by) == (0, friday.cast.ada)


def test_state_severity_and_what_is_known_change_by_form(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    assert client.post(room(friday, "state/"), {"state": "closed"}).status_code == 422
    assert client.post(room(friday, "state/"), {"state": "identified"}).status_code == 302
    assert client.post(room(friday, "severity/"), {"severity": "1", "reason": ""}).status_code == 422
    assert client.post(room(friday, "severity/"), {"severity": "²", "reason": "all cards"}).status_code == 422
    SeverityRule.objects.filter(severity=1).update(means="No shop can sell")
    assert "No shop can sell" in client.get(room(friday, "severity/")).content.decode()
    assert client.post(room(friday, "severity/"), {"severity": "1", "reason": "all cards"}).status_code == 302
    known = {"title": "Cards fail", "flow": friday.flow.pk, "symptom": "Timeouts", "since": "22:50", "cause": "code"}
    assert client.post(room(friday, "known/"), {**known, "since": "dawn"}).status_code == 422
    assert client.post(room(friday, "known/"), known).status_code == 302
    row = Incident.objects.get()
    assert (row.state, row.severity, row.title, row.symptom, row.cause) == (
        "identified", 1, "Cards fail", "Timeouts", "code",
    )  # fmt: skip
    assert row.impact_started_at == dt.datetime(2026, 11, 20, 21, 50, tzinfo=dt.UTC)


def test_two_with_what_is_known_open_keep_each_others_words(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ben)
    drawn = client.get(room(friday, "known/")).context["noted"]
    fields = {**drawn, **{f"was_{name}": was for name, was in drawn.items()}}
    assert client.post(room(friday, "known/"), {**fields, "error": "CG-504"}).status_code == 302
    refused = client.post(room(friday, "known/"), {**fields, "cause": "capacity", "flow": "", "since": "dawn"})
    page = refused.content.decode()
    assert refused.status_code == 422 and '<option value="capacity" selected>' in page
    assert client.post(room(friday, "known/"), {**fields, "cause": "capacity"}).status_code == 302
    row = Incident.objects.get()
    assert (row.error, row.cause, row.flow, row.symptom) == ("CG-504", "capacity", friday.flow, "Transactions fail")


def test_roles_are_named_and_someone_is_woken(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    assert client.get(room(friday, "roles/")).status_code == 200
    client.post(room(friday, "roles/"), {"communications_lead": friday.cast.cleo.pk, "technical_lead": ""})
    held = dict(RoleHolding.objects.filter(until=None).values_list("role", "user__name"))
    assert held == {"owner": "Ada", "communications_lead": "Cleo"}
    assert client.post(room(friday, "bring-in/"), {}).status_code == 422
    assert client.post(room(friday, "bring-in/"), {"user": friday.cast.dana.pk}).status_code == 302
    assert friday.incident.escalations.count() == 2


def test_the_head_of_the_queue_can_wait_ten_minutes(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    before = client.get(room(friday)).context["room"].queue
    assert before.head is not None
    back = room(friday)
    answer = client.post("/put-off/", {"key": before.head.key, "fact": before.head.fact, "back": back})
    assert answer["Location"] == back
    after = client.get(room(friday)).context["room"].queue
    assert (after.off, after.head != before.head) == (1, True)
    assert client.post("/put-off/", {"key": "a", "fact": "b", "back": "https://evil.example"})["Location"] == "/"


def test_the_timeline_has_filters_and_pages(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    shown = client.get(room(friday), {"show": "decisions"}).context["room"].timeline
    assert [line.rest for line in shown.lines] == [" accepted it: this is an incident."]
    everything = client.get(room(friday)).context["room"].timeline
    assert everything.lines[-1].rest.startswith(" opened INC-")
    older = client.get(room(friday), {"before": everything.lines[0].number}).context["room"].timeline
    assert older.lines == everything.lines[1:]


def test_closing_names_who_was_not_told_and_closes_all_the_same(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    assert client.get(room(friday, "close/"))["Location"] == room(friday, "#region-next")
    by = actor_of(friday.cast.ada)
    publish_update(
        incident=friday.incident, texts={"public": "Cards fail.", "support": "x"}, seen=0, next_due={}, by=by, now=NOW
    )
    AlertGroup.objects.update(closed_at=NOW)
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW)
    text = client.get(room(friday, "close/")).content.decode()
    assert "<strong>customers and support</strong>" in text
    assert "Close it all the same" in text
    assert f'href="{room(friday, "close/")}"' in client.get(room(friday, "state/")).content.decode()
    assert 'value="closed"' not in client.get(room(friday, "state/")).content.decode()
    assert client.post(room(friday, "state/"), {"state": "closed"})["Location"] == room(friday, "close/")
    unsaid = client.post(room(friday, "close/"), {"reason": "all is counted"})
    assert (unsaid.status_code, Incident.objects.get().state) == (422, "resolved")
    assert 'role="alert"' in unsaid.content.decode() and ">all is counted<" in unsaid.content.decode()
    publish_update(incident=friday.incident, texts={"public": "x", "support": "x"}, seen=1, next_due={}, by=by, now=NOW)
    assert "Not told yet" not in client.get(room(friday, "close/")).content.decode()
    assert client.post(room(friday, "close/"), {"reason": "all is counted"}).status_code == 302
    assert Incident.objects.get().state == "closed"
    assert client.post(room(friday, "close/")).status_code == 302
    assert Incident.objects.get().closed_at == NOW


@pytest.mark.parametrize(
    ("part", "sent", "said"),
    [
        ("roles/take/", {"role": "scribe"}, "It is yours: you are the scribe."),
        ("needs/", {"what": "read access"}, "Asked: read access. The owner sees to it."),
        ("state/", {"state": "identified"}, "The room says: identified."),
        ("note/", {"what": "It is the second route."}, "Noted on the timeline."),
    ],
)
def test_an_act_comes_back_to_the_top_card_and_says_what_was_done(
    client: Client, friday: Friday, part: str, sent: dict[str, str], said: str
) -> None:
    client.force_login(friday.cast.ada)
    answer = client.post(room(friday, part), sent)
    assert answer["Location"] == room(friday, "#region-next")
    text = client.get(room(friday)).content.decode()
    assert text.index(f"<span>{said}</span>") < text.index('id="region-next"')
    assert 'tabindex="-1" aria-labelledby="next-what" aria-describedby="said"' in text


def test_before_it_is_closed_those_who_called_and_were_not_rung_since_are_named(client: Client, friday: Friday) -> None:
    by, later = actor_of(friday.cast.ada), NOW + 5 * MINUTE
    file_report(seen="Paying spins", who="Harbour Cafe", phone="+49 30 1", incident=friday.incident.pk, by=by, now=NOW)
    call = promise_call_back(
        incident=friday.incident, customer=None, customer_name="Harbour Cafe", owner=friday.cast.ada, due_at=later,
        by=by, now=NOW,
    )  # fmt: skip
    AlertGroup.objects.update(closed_at=NOW)
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW)
    client.force_login(friday.cast.ada)
    page = f"/incidents/{friday.incident.pk}/close/"
    assert 'href="tel:+49 30 1"' in client.get(page).content.decode()
    keep_call_back(call=call, by=by, now=later)
    assert "Harbour Cafe" not in client.get(page).content.decode()
