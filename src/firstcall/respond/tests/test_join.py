"""The same outage paged twice: what is in triage joins the room that is open for it, and its page is answered."""

from __future__ import annotations

import pytest
from django.test import Client

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.alert import Alert, Heard
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.models.source import Source
from firstcall.journal.kinds import present
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.call_back import promise_call_back
from firstcall.respond.commands.escalation import run_step
from firstcall.respond.commands.incident import accept_incident, change_state, note_recovery, open_incident
from firstcall.respond.commands.join import join_group, join_room
from firstcall.respond.commands.page import token_of
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.incident import gravest_open, rooms_for
from tests.friday import MINUTE, NOW, Friday, run_reaction

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


def group_of(title: str = "Ledger full", *, verdict: str = "page", flow: Flow | None = None) -> AlertGroup:
    """Alerts of a part that no map knows."""
    group = AlertGroup.objects.create(
        key=f"title:{title}", title=title, verdict=verdict, reason="x", flow=flow, opened_at=NOW, last_at=NOW, count=1
    )
    alert = Alert.objects.create(
        source=Source.objects.get(), dedup_key=title, group=group, title=title, severity="critical", started_at=NOW,
        first_at=NOW, verdict=verdict, reason="x",
    )  # fmt: skip
    Heard.objects.create(alert=alert, last_at=NOW)
    return group


def paged_again(friday: Friday) -> Incident:
    """It wakes Ben: nobody knows yet which flow it is of."""
    group = group_of()
    run_reaction("reactions.group_paged", NOW, group=group.pk)
    row = Incident.objects.exclude(pk=friday.incident.pk).get()
    run_step(escalation_id=row.escalations.get().pk, step=0, now=NOW)
    return row


def told(incident: Incident) -> list[str]:
    rows = Entry.objects.filter(incident=incident.pk).select_related("facts").order_by("id")
    return [present(row.kind, by=row.by_name, facts=row.facts.data) for row in rows]


def test_its_alerts_reports_and_calls_go_there_and_nobody_more_is_woken(friday: Friday) -> None:
    second, by = paged_again(friday), actor_of(friday.cast.ben)
    report = file_report(seen="It fails", by=by, now=NOW, incident=second.pk)
    promise_call_back(
        incident=second, customer=None, customer_name="Kiosk", owner=friday.cast.ada, due_at=NOW + MINUTE, by=by,
        now=NOW,
    )  # fmt: skip
    note_recovery(incident=friday.incident, what="quiet", by=by, now=NOW)
    assert [one.user for one in Page.objects.filter(escalation__incident=second)] == [friday.cast.ben]
    join_room(incident=second, into=friday.incident, by=by, now=NOW)
    second.refresh_from_db()
    assert (second.state, second.closed_at, second.joined) == ("closed", NOW, friday.incident)
    assert set(AlertGroup.objects.values_list("incident", "let_go_at")) == {(friday.incident.pk, None)}
    assert Report.objects.get(pk=report.pk).incident == friday.incident.pk
    assert CallBack.objects.get().incident == friday.incident
    page = Page.objects.get(escalation__incident=second)
    assert (page.answer, page.answered_at) == ("joined", NOW)
    assert not second.escalations.filter(state__in=["running", "exhausted"]).exists()
    assert f"Ben joined it to {friday.incident.reference}: it is the same" in told(second)
    assert f"Ben joined to this room: {second.reference}: Ledger full" in told(friday.incident)
    friday.incident.refresh_from_db()
    assert friday.incident.recovered_at is None  # something of it fires again
    before = (Entry.objects.count(), Job.objects.count())
    join_room(incident=second, into=friday.incident, by=by, now=NOW)
    assert (Entry.objects.count(), Job.objects.count()) == before


@pytest.mark.parametrize("why", ["itself", "accepted", "over", "practice", "hidden"])
def test_what_does_not_go_together_stays_as_it_is(friday: Friday, why: str) -> None:
    by = actor_of(friday.cast.ada)
    second, into = paged_again(friday), friday.incident
    if why == "itself":
        into = second
    elif why == "accepted":
        accept_incident(incident=second, by=by, now=NOW)
    elif why == "over":
        into = change_state(incident=into, state="resolved", by=by, now=NOW, reason="x", all_the_same=True)
    elif why == "practice":
        into = open_incident(
            title="x", flow=None, severity=1, symptom="", impact_started_at=None, by=by, now=NOW, practice=True
        )
    else:
        Incident.objects.filter(pk=second.pk).update(restricted=True)
    before = (Entry.objects.count(), list(Incident.objects.values_list("pk", "state")))
    with pytest.raises(Refused):
        join_room(incident=second, into=into, by=by, now=NOW)
    assert (Entry.objects.count(), list(Incident.objects.values_list("pk", "state"))) == before
    assert AlertGroup.objects.get(title="Ledger full").incident == second.pk


def test_a_group_that_waits_or_was_let_go_joins_and_one_that_is_worked_on_does_not(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    waits = group_of("Cards slow", verdict="digest")
    join_group(group=waits, into=friday.incident, by=by, now=NOW)
    join_group(group=waits, into=friday.incident, by=by, now=NOW)
    assert told(friday.incident).count("Ada joined to this room: Cards slow") == 1
    second = paged_again(friday)
    other = AlertGroup.objects.get(title="Ledger full")
    join_group(group=other, into=friday.incident, by=by, now=NOW)
    second.refresh_from_db()
    assert (second.joined, AlertGroup.objects.get(pk=other.pk).incident) == (friday.incident, friday.incident.pk)
    third = open_incident(
        title="x", flow=None, severity=1, symptom="", impact_started_at=None, by=by, now=NOW, accepted=True
    )
    with pytest.raises(Refused):
        join_group(group=friday.group, into=third, by=by, now=NOW)
    assert AlertGroup.objects.get(pk=friday.group.pk).incident == friday.incident.pk


def test_rooms_of_the_same_flow_are_offered_and_all_while_none_is_known(friday: Friday) -> None:
    ada, by = friday.cast.ada, actor_of(friday.cast.ada)
    second = paged_again(friday)
    assert rooms_for(second, viewer=ada) == [friday.incident]
    second.flow = Flow.objects.create(slug="refunds", name="Refunds")
    assert rooms_for(second, viewer=ada) == []
    second.flow = friday.flow
    assert rooms_for(second, viewer=ada) == [friday.incident]
    Incident.objects.filter(pk=friday.incident.pk).update(restricted=True)
    assert rooms_for(second, viewer=friday.cast.cleo) == []
    accepted = accept_incident(incident=second, by=by, now=NOW)
    assert rooms_for(accepted, viewer=ada) == []


def test_the_gravest_open_room_of_a_flow_is_the_one_that_alerts_join(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    say = {"symptom": "", "impact_started_at": None, "by": by, "now": NOW}
    assert gravest_open(flow=friday.flow.pk) == friday.incident
    graver = open_incident(title="x", flow=friday.flow, severity=1, **say)  # type: ignore[arg-type]
    open_incident(title="x", flow=friday.flow, severity=1, practice=True, **say)  # type: ignore[arg-type]
    assert gravest_open(flow=friday.flow.pk) == graver
    assert gravest_open(flow=None) is None
    assert gravest_open(flow=None, otherwise=[friday.incident.pk]) == friday.incident
    change_state(incident=graver, state="closed", by=by, now=NOW, reason="x")
    assert gravest_open(flow=None, otherwise=[graver.pk]) is None


def test_the_link_that_woke_one_offers_it_in_one_tap(client: Client, friday: Friday) -> None:
    second = paged_again(friday)
    link = f"/p/{token_of(Page.objects.get(escalation__incident=second))}/"
    words = f"Join {friday.incident.reference}: Card payments fail"
    assert words in client.get(link).content.decode()
    gone = client.post(link, {"answer": "join", "into": "999"})
    assert (gone.status_code, Incident.objects.get(pk=second.pk).state) == (422, "triage")
    client.post(link, {"answer": "join", "into": str(friday.incident.pk)})
    shown = client.get(link).content.decode()
    assert f"You joined it to {friday.incident.reference}" in shown
    assert f'href="/incidents/{friday.incident.pk}/"' in shown and words not in shown
    assert told(second)[-2].startswith("Ben joined it to")


def test_the_card_in_triage_and_the_page_of_the_alert_offer_it(client: Client, friday: Friday) -> None:
    second = paged_again(friday)
    group = AlertGroup.objects.get(title="Ledger full")
    words = f"Join {friday.incident.reference}: Card payments fail"
    client.force_login(friday.cast.dana)
    assert words not in client.get(f"/alerts/{group.pk}/").content.decode()
    assert client.post(f"/alerts/{group.pk}/join/", {"into": friday.incident.pk}).status_code == 403
    client.force_login(friday.cast.ada)
    room = f"/incidents/{second.pk}/"
    card = client.get(f"{room}?region=next").content.decode()
    assert words in card and "Does this hurt customers" in card
    assert words in client.get(f"/alerts/{group.pk}/").content.decode()
    refused = client.post(f"/alerts/{group.pk}/join/", {"into": "999"}, follow=True)
    assert "Nobody works on that any more" in refused.content.decode()
    assert Incident.objects.get(pk=second.pk).state == "triage"
    done = client.post(f"{room}join/", {"into": friday.incident.pk}, follow=True)
    assert f"{second.reference} is closed" in done.content.decode()
    assert f"Joined to {friday.incident.reference}" in client.get(room).content.decode()
    assert words not in client.get(f"/alerts/{group.pk}/").content.decode()
