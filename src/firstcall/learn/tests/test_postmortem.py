"""From a resolved incident to findings, actions and what they cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import MoneyRange
from firstcall.learn.commands.action import add_action, complete_action, move_action
from firstcall.learn.commands.postmortem import add_finding, change_story, close_review, draft_postmortem, story_mark
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Finding, Postmortem
from firstcall.learn.queries.action import late_actions, open_actions
from firstcall.learn.queries.evidence import cases
from firstcall.learn.queries.incident import harm_of, score_of
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """Checkout was down for an hour; Ada owned it."""
    by = actor_of(cast.ada)
    flow = Flow.objects.create(slug="checkout", name="Checkout", cost_per_hour=6000)
    row = open_incident(
        title="Card payments fail", flow=flow, severity=1, symptom="Transactions fail",
        impact_started_at=NOW - HOUR, by=by, now=NOW - HOUR, accepted=True,
    )  # fmt: skip
    take_role(incident=row, role="owner", user=cast.ada, by=by, now=NOW - HOUR)
    return row


def over(incident: Incident, cast: Cast) -> Incident:
    return change_state(incident=incident, state="resolved", by=actor_of(cast.ada), now=NOW, reason="CardGate is back")


def test_it_begins_when_it_is_over_and_once(incident: Incident, cast: Cast) -> None:
    by = actor_of(cast.ada)
    with pytest.raises(Refused):
        draft_postmortem(incident=incident, by=by, now=NOW)
    assert not Postmortem.objects.exists()
    row = draft_postmortem(incident=over(incident, cast), by=by, now=NOW)
    assert "Card payments fail. It began at 21:12 UTC and lasted 60 minutes." in row.story
    assert "22:12  Ada says it is resolved (CardGate is back)" in row.story
    assert draft_postmortem(incident=incident, by=by, now=NOW + HOUR).pk == row.pk
    assert Entry.objects.filter(kind="postmortem.drafted").count() == 1


@pytest.mark.parametrize(
    ("text", "klass", "means", "field"),
    [
        ("", "roadmap", "A second provider.", "text"),
        ("No fallback", "provider", "A second provider.", "klass"),
        ("No fallback", "roadmap", "  ", "means"),
    ],
)
def test_a_finding_must_say_what_it_means(
    incident: Incident, cast: Cast, text: str, klass: str, means: str, field: str
) -> None:
    row = draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    with pytest.raises(Refused) as refused:
        add_finding(postmortem=row, text=text, klass=klass, means=means, by=actor_of(cast.ada), now=NOW)
    assert refused.value.field == field
    assert not Finding.objects.exists()


def test_a_review_closes_once_every_finding_has_its_action(incident: Incident, cast: Cast) -> None:
    by = actor_of(cast.ada)
    row = draft_postmortem(incident=over(incident, cast), by=by, now=NOW)
    finding = add_finding(
        postmortem=row, text="CardGate has no fallback", klass="roadmap", means="A second provider.", by=by, now=NOW
    )
    with pytest.raises(Refused, match="still says"):
        close_review(postmortem=row, by=by, now=NOW)
    change_story(postmortem=row, story="CardGate failed, and nothing stood behind it.", by=by, now=NOW)
    with pytest.raises(Refused, match="no action yet"):
        close_review(postmortem=row, by=by, now=NOW)
    over_already = NOW.date() - dt.timedelta(days=1)
    for owner, due, field in ((None, NOW.date(), "owner"), (cast.ben, None, "due"), (cast.ben, over_already, "due")):
        with pytest.raises(Refused) as refused:
            add_action(postmortem=row, what="Price it", owner=owner, due=due, by=by, now=NOW, finding=finding)
        assert refused.value.field == field
    assert not Action.objects.exists()
    add_action(postmortem=row, what="Price it", owner=cast.ben, due=NOW.date(), by=by, now=NOW, finding=finding)
    close_review(postmortem=row, by=by, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.reviewed_at) == ("reviewed", NOW)


def test_an_action_is_late_until_it_is_done_or_moved(incident: Incident, cast: Cast) -> None:
    by, today = actor_of(cast.ada), NOW.date()
    row = draft_postmortem(incident=over(incident, cast), by=by, now=NOW)
    action = add_action(postmortem=row, what="Price it", owner=cast.ben, due=today, by=by, now=NOW)
    assert late_actions(viewer=cast.eve, today=today) == []
    assert late_actions(viewer=cast.eve, today=today + dt.timedelta(days=1)) == [action]
    with pytest.raises(Refused, match="still to come"):
        move_action(action=action, due=today - dt.timedelta(days=1), by=by, now=NOW)
    move_action(action=action, due=today + dt.timedelta(days=7), by=by, now=NOW)
    assert late_actions(viewer=cast.eve, today=today + dt.timedelta(days=1)) == []
    complete_action(action=action, by=by, now=NOW)
    complete_action(action=action, by=by, now=NOW)
    assert open_actions(viewer=cast.eve) == []
    assert Entry.objects.filter(kind="action.done").count() == 1


def test_what_is_restricted_is_neither_listed_nor_counted_for_others(incident: Incident, cast: Cast) -> None:
    by = actor_of(cast.ada)
    row = draft_postmortem(incident=over(incident, cast), by=by, now=NOW)
    add_action(postmortem=row, what="Price it", owner=cast.ben, due=NOW.date(), by=by, now=NOW)
    assert len(cases(viewer=cast.eve, now=NOW)) == 1
    Incident.objects.update(restricted=True)
    assert open_actions(viewer=cast.eve) == []
    assert cases(viewer=cast.eve, now=NOW) == []
    assert len(cases(viewer=cast.ada, now=NOW)) == 1


def test_the_harm_is_what_the_incident_and_its_roles_say(incident: Incident, cast: Cast) -> None:
    take_role(incident=incident, role="scribe", user=cast.ada, by=actor_of(cast.ada), now=NOW - HOUR / 2)
    harm = harm_of(over(incident, cast), now=NOW + HOUR)
    assert (harm.severity, harm.minutes, harm.hour.money, harm.person_hours) == (1, 60, MoneyRange(6000, 6000), 1.0)


def test_support_that_nobody_is_was_not_forgotten(incident: Incident, cast: Cast) -> None:
    def told() -> bool:
        return any(one.mistake == "M1" for one in score_of(incident, now=NOW))

    assert told()
    User.objects.filter(pk=cast.cleo.pk).update(is_active=False)
    assert not told()
    take_role(incident=incident, role="support_liaison", user=cast.ben, by=actor_of(cast.ada), now=NOW)
    assert told()


def test_the_pages_show_the_cost_with_its_sources(client: Client, incident: Incident, cast: Cast) -> None:
    draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    client.force_login(cast.ada)
    text = client.get(f"/incidents/{incident.pk}/postmortem/").content.decode()
    for words in ("€3,680–€6,080", "€6,000 an hour, from the register of flows", "our usual share for SEV1"):
        assert words in text
    assert client.get("/actions/").status_code == 200
    assert "1 incident in 12 months cost" in client.get("/evidence/").content.decode()


def test_whatever_button_is_pressed_what_was_typed_is_kept(client: Client, incident: Incident, cast: Cast) -> None:
    row = draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    page = f"/incidents/{incident.pk}/postmortem/"
    client.force_login(cast.ada)
    typed = {"story_was": client.get(page).context["story_was"], "story": "It broke.\r\nWe had one route."}
    found = {"text": "One route", "klass": "roadmap", "means": "Two routes"}
    half = client.post(page, {**typed, **found, "do": "finding", "what": "Buy a second", "due": "2026-12-01"})
    assert half.status_code == 422 and "what everybody owns, nobody does" in half.content.decode()
    for words in ("It broke.", ">One route</textarea>", ">Two routes</textarea>", "Buy a second", "2026-12-01"):
        assert words in half.content.decode()
    row.refresh_from_db()
    assert "It broke." not in row.story and not Finding.objects.exists()
    act = {"what": "Buy a second", "owner": cast.ben.pk, "due": "2026-12-01"}
    assert client.post(page, {**typed, **found, **act, "do": "story"}).status_code == 302
    row.refresh_from_db()
    assert (row.story, row.findings.get().means) == ("It broke.\nWe had one route.", "Two routes")
    assert row.actions.get().owner == cast.ben
    for do, status in (("review", 422), ("nonsense", 422)):  # the finding has no action of its own
        assert client.post(page, {**typed, "story_was": "", "story": "New.", "do": do}).status_code == status
    row.refresh_from_db()
    assert (row.story, row.state) == ("It broke.\nWe had one route.", "draft")


def test_two_who_write_the_story_at_once_lose_none(client: Client, incident: Incident, cast: Cast) -> None:
    row = draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    page = f"/incidents/{incident.pk}/postmortem/"
    client.force_login(cast.ada)
    was = story_mark(row.story)
    change_story(postmortem=row, story="Ben’s words.", by=actor_of(cast.ben), now=NOW)
    late = client.post(page, {"do": "story", "story": "Ada’s words.", "story_was": was})
    text = late.content.decode()
    assert late.status_code == 422 and "Somebody changed the story" in text
    assert "Ada’s words.</textarea>" in text and '<p class="told">Ben’s words.</p>' in text
    row.refresh_from_db()
    assert row.story == "Ben’s words."
    both = {"do": "story", "story": "Ada’s and Ben’s.", "story_was": late.context["story_was"]}
    assert client.post(page, both).status_code == 302
    row.refresh_from_db()
    assert row.story == "Ada’s and Ben’s."


def test_who_only_reads_reads(client: Client, incident: Incident, cast: Cast) -> None:
    row = draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    add_action(postmortem=row, what="Price it", owner=cast.ben, due=NOW.date(), by=actor_of(cast.ada), now=NOW)
    client.force_login(cast.dana)
    for path in (f"/incidents/{incident.pk}/postmortem/", "/actions/"):
        text = client.get(path).content.decode()
        assert "Price it" in text and 'name="do"' not in text and 'name="done"' not in text
    assert client.post(f"/incidents/{incident.pk}/postmortem/", {"do": "story", "story": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.story != "x"


def test_an_action_is_given_on_the_page_to_somebody_there_is(client: Client, incident: Incident, cast: Cast) -> None:
    draft_postmortem(incident=over(incident, cast), by=actor_of(cast.ada), now=NOW)
    client.force_login(cast.ada)
    path, sent = f"/incidents/{incident.pk}/postmortem/", {"do": "action", "what": "Price it", "due": "2026-11-27"}
    for owner in ("", "²", "9" * 30, "0"):
        assert client.post(path, {**sent, "owner": owner}).status_code == 422
    assert not Action.objects.exists()
    assert client.post(path, {**sent, "owner": cast.ben.pk, "finding": "9" * 30}).status_code == 302
    action = Action.objects.get()
    assert (action.owner, action.finding) == (cast.ben, None)
