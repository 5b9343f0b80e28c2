"""What wants whom: each prompt reaches the one who can do it, and nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.desk.prompts import prompts_for
from firstcall.desk.standing import standings
from firstcall.detect.models.group import AlertGroup
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.kernel import clock
from firstcall.kernel.say import plain
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.call_back import promise_call_back
from firstcall.respond.commands.escalation import run_step
from firstcall.respond.commands.incident import change_state, describe_incident, note_recovery, open_incident
from firstcall.respond.commands.need import ask_need
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.commands.severity import change_severity, keep_severity
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.call_back import open_call_backs
from firstcall.respond.rules.queue import queue_of
from tests.cast import make_cast
from tests.friday import MINUTE, NOW, Friday, make_group, run_reaction

pytestmark = pytest.mark.django_db


def keys(person: User, *, now: dt.datetime = NOW) -> set[str]:
    """The kinds of prompts this person has, without their numbers."""
    found = prompts_for(
        person,
        standings(list(Incident.objects.all()), viewer=person, now=now),
        open_call_backs(viewer=person),
        now=now,
    )
    return {":".join(part for part in one.key.split(":") if not part.isdigit()) for one in found}


def in_order(person: User, *, now: dt.datetime = NOW) -> list[str]:
    """The kinds of what this person is asked, the first first."""
    all_ = standings(list(Incident.objects.all()), viewer=person, now=now)
    queue = queue_of(prompts_for(person, all_, open_call_backs(viewer=person), now=now), offs={}, now=now)
    assert queue.head is not None
    return [one.key.split(":")[0] for one in (queue.head, *queue.rest)]


def words(person: User, key: str) -> str:
    found = prompts_for(person, standings(list(Incident.objects.all()), viewer=person, now=NOW), [], now=NOW)
    return next(plain(one.sentence) for one in found if one.key.startswith(key))


def test_in_triage_only_one_question_is_asked_and_the_paged_are_asked_for_it() -> None:
    cast = make_cast()
    run_reaction("reactions.group_paged", NOW, group=make_group(cast).pk)
    run_step(escalation_id=Incident.objects.get().escalations.get().pk, step=0, now=NOW)
    assert keys(cast.ben) == {"page", "triage"}
    assert keys(cast.ada) == {"triage"}
    assert keys(cast.dana) == set()


def test_the_owner_is_asked_for_words_in_one_go_and_for_empty_roles(friday: Friday) -> None:
    assert keys(friday.cast.ada) == {"clock:inside+public+support", "role:communications_lead"}
    assert keys(friday.cast.ben) == set()


def test_without_an_owner_everyone_who_can_is_asked(friday: Friday) -> None:
    leave_role(incident=friday.incident, role="owner", by=actor_of(friday.cast.ada), now=NOW)
    for person in (friday.cast.ada, friday.cast.ben):
        assert "role:owner" in keys(person)
    assert keys(friday.cast.dana) == set()


def test_a_word_is_asked_of_who_speaks_and_of_the_owner_once_it_is_late(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    take_role(incident=friday.incident, role="communications_lead", user=friday.cast.ben, by=by, now=NOW)
    publish_update(
        incident=friday.incident,
        texts={"public": "Card payments fail.", "inside": "x", "support": "x"},
        seen=0,
        next_due={"public": NOW + 5 * MINUTE, "inside": NOW + 6 * MINUTE, "support": NOW + 6 * MINUTE},
        by=by,
        now=NOW,
    )
    assert "clock:public" in keys(friday.cast.ben)
    assert "clock:public" not in keys(friday.cast.ada)
    assert keys(friday.cast.ada, now=NOW + 5 * MINUTE) >= {"clock:public", "clock:inside+support"}


def test_a_need_wants_its_holder_waits_for_its_asker_and_is_late_for_the_owner(friday: Friday) -> None:
    ask_need(
        incident=friday.incident, what="access", asked_by=friday.cast.ben, with_whom=friday.cast.dana,
        by=actor_of(friday.cast.ben), now=NOW,
    )  # fmt: skip
    assert keys(friday.cast.dana) == {"need"}
    assert "wait" in keys(friday.cast.ben)
    assert "need" not in keys(friday.cast.ada)
    assert "need" in keys(friday.cast.ada, now=NOW + 6 * MINUTE)


def test_a_promised_call_wants_who_promised_it(friday: Friday) -> None:
    promise_call_back(
        incident=friday.incident, customer=None, customer_name="Bakery Union", owner=friday.cast.cleo,
        due_at=NOW + 15 * MINUTE, by=actor_of(friday.cast.cleo), now=NOW,
    )  # fmt: skip
    assert keys(friday.cast.cleo) == {"call"}
    assert "call" not in keys(friday.cast.ada)


def test_a_severity_said_before_its_flow_is_asked_once_more_until_it_is_answered(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    checkout = Flow.objects.get()
    refunds = Flow.objects.create(slug="refunds", name="Pay back", criticality="minor")
    row = open_incident(
        title="x", flow=None, severity=3, symptom="", impact_started_at=None, by=by, now=NOW, accepted=True
    )
    take_role(incident=row, role="owner", user=friday.cast.ada, by=by, now=NOW)
    assert "severity" not in keys(friday.cast.ada)
    describe_incident(incident=row, by=by, now=NOW, flow=checkout)
    said = words(friday.cast.ada, "severity:")
    assert said == "SEV3 was said before ‘Checkout’ was; by the table it is SEV2: a critical flow is hurt."
    assert "severity" not in keys(friday.cast.ben)
    keep_severity(incident=row, severity=3, by=by, now=NOW)
    assert "severity" not in keys(friday.cast.ada)
    describe_incident(incident=row, by=by, now=NOW, symptom="Wrong data")  # only another flow asks again
    assert "severity" not in keys(friday.cast.ada)
    describe_incident(incident=row, by=by, now=NOW, flow=refunds, symptom="")
    assert "severity" in keys(friday.cast.ada)
    change_severity(incident=row, severity=2, by=by, now=NOW, reason="the law asks for it")
    assert "severity" not in keys(friday.cast.ada)
    describe_incident(incident=row, by=by, now=NOW, flow=checkout)
    assert "severity" not in keys(friday.cast.ada)  # the table says the same


def test_its_two_buttons_say_it_anew_or_that_it_stands(client: Client, friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    row = open_incident(
        title="x", flow=None, severity=3, symptom="", impact_started_at=None, by=by, now=NOW, accepted=True
    )
    take_role(incident=row, role="owner", user=friday.cast.ada, by=by, now=NOW)
    describe_incident(incident=row, by=by, now=NOW, flow=Flow.objects.get())
    client.force_login(friday.cast.ada)
    asked = words_in(client, row)
    assert "Make it SEV2" in asked and "Still SEV3" in asked
    client.post(f"/incidents/{row.pk}/severity/", {"severity": "2", "reason": "a critical flow is hurt"})
    row.refresh_from_db()
    assert (row.severity, row.severity_reason) == (2, "a critical flow is hurt")
    assert "Make it" not in words_in(client, row)


def of_no_flow(friday: Friday) -> Incident:
    """SEV3, owned by Ada."""
    by = actor_of(friday.cast.ada)
    row = open_incident(
        title="x", flow=None, severity=3, symptom="", impact_started_at=None, by=by, now=NOW, accepted=True
    )
    take_role(incident=row, role="owner", user=friday.cast.ada, by=by, now=NOW)
    return row


def words_in(client: Client, row: Incident) -> str:
    with clock.read_from(lambda: NOW):
        return client.get(f"/incidents/{row.pk}/?region=next").content.decode()


def test_quiet_signals_ask_whether_it_is_over(friday: Friday) -> None:
    note_recovery(incident=friday.incident, what="x", by=actor_of(friday.cast.ada), now=NOW)
    assert "recovered" in keys(friday.cast.ada)


def test_when_it_is_over_the_last_word_comes_before_the_postmortem_and_closing(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    publish_update(
        incident=friday.incident, texts={"public": "Card payments fail."}, seen=0,
        next_due={"public": NOW + 5 * MINUTE}, by=by, now=NOW,
    )  # fmt: skip
    friday.group.closed_at = NOW
    friday.group.save()
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW)
    assert keys(friday.cast.ada) == {"last-word", "postmortem"}
    assert words(friday.cast.ada, "last-word") == "Tell them that it works again: customers."
    incident = Incident.objects.get()
    publish_update(incident=incident, texts={"public": "It works again."}, seen=1, next_due={}, by=by, now=NOW)
    assert keys(friday.cast.ada) == {"postmortem"}
    assert keys(friday.cast.ben) == set()


@pytest.mark.parametrize("after", ["postmortem", "close"])
def test_while_it_fires_the_end_of_it_is_told_and_nothing_else_is_asked(friday: Friday, after: str) -> None:
    by, severity = actor_of(friday.cast.ada), {"postmortem": 1, "close": 4}[after]
    change_severity(incident=friday.incident, severity=severity, reason="x", by=by, now=NOW)
    publish_update(incident=friday.incident, texts={"public": "Cards fail."}, seen=0, next_due={}, by=by, now=NOW)
    change_state(incident=friday.incident, state="resolved", reason="it lags", all_the_same=True, by=by, now=NOW)
    assert keys(friday.cast.ada) == {"last-word"}
    AlertGroup.objects.update(closed_at=NOW)
    assert keys(friday.cast.ada) == {"last-word", after}


def test_the_end_is_owed_to_everyone_who_was_told_until_it_is_said(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    take_role(incident=friday.incident, role="communications_lead", user=friday.cast.ben, by=by, now=NOW)
    texts = {"public": "Card payments fail.", "support": "x", "leadership": "x"}
    publish_update(incident=friday.incident, texts=texts, seen=0, next_due={}, by=by, now=NOW)
    AlertGroup.objects.update(closed_at=NOW)
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW)
    said = "Tell them that it works again: customers, leadership and support."
    assert words(friday.cast.ada, "last-word") == said
    assert words(friday.cast.ben, "last-word") == "Tell them that it works again: customers."
    incident = Incident.objects.get()
    publish_update(incident=incident, texts={"public": "x", "support": "x"}, seen=1, next_due={}, by=by, now=NOW)
    assert words(friday.cast.ada, "last-word") == "Tell them that it works again: leadership."
    assert "last-word" not in keys(friday.cast.ben)
    change_state(incident=incident, state="closed", by=by, now=NOW)
    assert keys(friday.cast.ada) == {"last-word"}
    publish_update(incident=incident, texts={"leadership": "x"}, seen=2, next_due={}, by=by, now=NOW)
    assert keys(friday.cast.ada) == set()


def test_a_state_the_public_has_not_heard_of_suggests_a_word_once(friday: Friday) -> None:
    by, ada = actor_of(friday.cast.ada), friday.cast.ada
    change_state(incident=friday.incident, state="identified", by=by, now=NOW)
    assert "moved-on" not in keys(ada)  # nothing was said yet
    change_state(incident=friday.incident, state="investigating", by=by, now=NOW, reason="it was not that")
    due = NOW + 60 * MINUTE
    told = {"public": "Card payments fail.", "inside": "x", "support": "x"}
    publish_update(incident=friday.incident, texts=told, seen=0, next_due=dict.fromkeys(told, due), by=by, now=NOW)
    assert "moved-on" not in keys(ada)
    change_state(incident=friday.incident, state="identified", by=by, now=NOW)
    said = "Customers were told ‘Investigating’; the room says ‘Identified’."
    assert words(ada, "moved-on") == said
    assert keys(ada, now=due - MINUTE) & {"moved-on", "clock:inside+public+support"} == {"clock:inside+public+support"}
    late = prompts_for(ada, standings([Incident.objects.get()], viewer=ada, now=due), [], now=due)
    clock = next(one for one in late if one.key.startswith("clock:"))
    assert (plain(clock.note) if clock.note else "", clock.target.split("/")[-2]) == (said, "update")
    publish_update(incident=Incident.objects.get(), texts={"public": "x"}, seen=1, next_due={"public": due}, by=by,
                   now=NOW)  # fmt: skip
    assert "moved-on" not in keys(ada)


def test_without_a_page_the_page_is_asked_for_and_the_promise_stays(friday: Friday) -> None:
    StatusPage.objects.all().delete()
    assert keys(friday.cast.ada) == {"no-page", "clock:inside+support", "role:communications_lead"}
    assert words(friday.cast.ada, "no-page") == "No status page shows Checkout."
    assert keys(friday.cast.ben) == set()


def test_an_audience_without_anybody_is_owed_nothing(friday: Friday) -> None:
    User.objects.filter(pk=friday.cast.cleo.pk).update(is_active=False)
    assert "clock:inside+public" in keys(friday.cast.ada)


def test_a_call_that_is_not_due_soon_stands_last(friday: Friday) -> None:
    promise_call_back(
        incident=friday.incident, customer=None, customer_name="Bakery Union", owner=friday.cast.ada,
        due_at=NOW + 15 * MINUTE, by=actor_of(friday.cast.ada), now=NOW,
    )  # fmt: skip
    ask_need(
        incident=friday.incident, what="read access", asked_by=friday.cast.ben, with_whom=friday.cast.ada, blocks=True,
        by=actor_of(friday.cast.ben), now=NOW,
    )  # fmt: skip
    assert in_order(friday.cast.ada) == ["clock", "need", "role", "call"]
    assert in_order(friday.cast.ada, now=NOW + 6 * MINUTE) == ["clock", "call", "need", "role"]
