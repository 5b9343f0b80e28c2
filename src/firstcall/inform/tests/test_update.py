"""Words go out once, together, and to whom they are for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.cadence import watch_clocks
from firstcall.inform.commands.status_page import make_page, show_flow
from firstcall.inform.commands.update import SLICE, Repair, fan_out, post_holding, publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Update
from firstcall.inform.pages.update import reach_words
from firstcall.inform.queries.clocks import audience_clocks, words_of
from firstcall.inform.queries.reach import Reach, reach_of
from firstcall.inform.rules.wording import check_words
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.models.incident import Incident
from tests.cast import Cast
from tests.holds import LIMIT, Holds

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
OPENED = NOW - 18 * MINUTE
WORDS = "Card payments at checkout are failing for some shops."


@pytest.fixture
def page(cast: Cast) -> StatusPage:
    flow = Flow.objects.create(slug="checkout", name="Checkout")
    return make_page(name="Tillhouse", parts=[("Card payments", flow)], by=actor_of(cast.ada), now=OPENED)


@pytest.fixture
def incident(cast: Cast, page: StatusPage) -> Incident:
    row = open_incident(
        title="Card payments fail", flow=Flow.objects.get(), severity=1, symptom="Transactions fail",
        impact_started_at=OPENED, by=actor_of(cast.ada), now=OPENED, accepted=True,
    )  # fmt: skip
    for role, user in (("owner", cast.ada), ("technical_lead", cast.ben), ("support_liaison", cast.cleo)):
        take_role(incident=row, role=role, user=user, by=actor_of(cast.ada), now=OPENED)
    return row


def subscribe(page: StatusPage, *names: str, confirmed: bool = True) -> None:
    Subscriber.objects.bulk_create(
        [
            Subscriber(
                page=page, email=f"{name}@example.com", nonce=name, asked_at=OPENED,
                confirmed_at=OPENED if confirmed else None, confirm_digest=f"c-{page.pk}-{name}",
                end_digest=f"e-{page.pk}-{name}",
            )
            for name in names
        ]
    )  # fmt: skip


def tell(incident: Incident, cast: Cast, *, seen: int = 0, now: dt.datetime = NOW, **texts: str) -> list[Update]:
    due = dict.fromkeys(texts, now + 30 * MINUTE)
    return publish_update(incident=incident, texts=texts, seen=seen, next_due=due, by=actor_of(cast.ada), now=now)


def run(kind: str) -> None:
    """What the worker would do with the waiting store jobs of a kind."""
    store = JOB_KINDS[kind].store
    assert store is not None
    for job in Job.objects.filter(kind=kind, state="waiting"):
        store(job, now=NOW)
        Job.objects.filter(pk=job.pk).update(state="done")


def mails(kind: str) -> list[Parcel | Skip]:
    prepare = JOB_KINDS[kind].prepare
    assert prepare is not None
    return [prepare(job, now=NOW) for job in Job.objects.filter(kind=kind).order_by("pk")]


def test_one_act_writes_the_words_the_page_and_the_mails(incident: Incident, page: StatusPage, cast: Cast) -> None:
    subscribe(page, "bakery")
    before = page.versions.count()
    tell(incident, cast, public=WORDS, inside="SEV1: we are on it.")
    assert [(one.number, one.audience, one.state) for one in Update.objects.order_by("audience")] == [
        (1, "inside", "investigating"),
        (1, "public", "investigating"),
    ]
    assert page.versions.count() == before + 1
    content = page.versions.latest("number").content
    assert (content["indicator"], content["open"]) == ("critical", True)
    assert content["incidents"][0]["updates"][0]["text"] == WORDS
    people = {parcel.to for parcel in mails("inform.inside_mail") if isinstance(parcel, Parcel)}
    assert people == {"ben@example.com", "cleo@example.com"}  # those in the room, but not who wrote it
    assert Entry.objects.filter(kind="update.published").count() == 2
    run("inform.fan_out")
    assert [job.key for job in Job.objects.filter(kind="inform.subscriber_mail")] == [
        f"update:{Update.objects.get(audience='public').pk}:subscriber:{Subscriber.objects.get().pk}"
    ]


def test_the_second_of_two_who_post_together_reads_the_first(incident: Incident, cast: Cast) -> None:
    tell(incident, cast, public=WORDS, inside="SEV1.")
    jobs, entries = Job.objects.count(), Entry.objects.count()
    with pytest.raises(Refused) as refused:
        tell(incident, cast, public="Something else.")
    assert refused.value.sentence == f"Ada has posted meanwhile: “{WORDS}” Read it, then send yours."
    assert (Update.objects.count(), Job.objects.count(), Entry.objects.count()) == (2, jobs, entries)
    tell(incident, cast, seen=1, public="Something else.")
    assert Update.objects.filter(number=2).count() == 1


@pytest.mark.parametrize(
    ("texts", "state", "minutes", "field"),
    [
        ({"public": "  "}, None, 30, "public"),
        ({"press": WORDS}, None, 30, "press"),
        ({"public": "x" * 4001}, None, 30, "public"),
        ({"public": WORDS}, None, 0, "next"),
        ({"public": WORDS}, "triage", 30, "state"),
        ({"public": WORDS}, "resolved", 30, "state"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_happens(
    incident: Incident, cast: Cast, texts: dict[str, str], state: str | None, minutes: int, field: str
) -> None:
    jobs, entries = Job.objects.count(), Entry.objects.count()
    with pytest.raises(Refused) as refused:
        publish_update(
            incident=incident, texts=texts, seen=0, next_due=dict.fromkeys(texts, NOW + minutes * MINUTE),
            public_state=state, by=actor_of(cast.ada), now=NOW,
        )  # fmt: skip
    assert refused.value.field == field
    assert (Update.objects.count(), Job.objects.count(), Entry.objects.count()) == (0, jobs, entries)


@pytest.mark.parametrize(
    ("repair", "field"), [(Repair(NOW + MINUTE, " "), "basis"), (Repair(NOW, "It was measured."), "repair")]
)
def test_a_time_of_repair_needs_a_basis_and_lies_ahead(
    incident: Incident, cast: Cast, repair: Repair, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        publish_update(
            incident=incident, texts={"public": WORDS}, seen=0, next_due={}, repair=repair,
            by=actor_of(cast.ada), now=NOW,
        )  # fmt: skip
    assert refused.value.field == field
    assert not Update.objects.exists()


def test_a_time_of_repair_with_its_basis_is_on_the_page_and_on_the_record(
    incident: Incident, page: StatusPage, cast: Cast
) -> None:
    publish_update(
        incident=incident, texts={"public": WORDS}, seen=0, next_due={}, by=actor_of(cast.ada), now=NOW,
        repair=Repair(NOW + 20 * MINUTE, "The provider switched back."),
    )  # fmt: skip
    assert page.versions.latest("number").content["incidents"][0]["repair_at"] == "2026-11-20T22:32:00Z"
    facts = Entry.objects.get(kind="repair.stated").facts.data
    assert (facts["at"], facts["basis"]) == ("22:32 UTC", "The provider switched back.")


def test_words_the_check_marked_and_that_were_sent_are_on_the_record(incident: Incident, cast: Cast) -> None:
    text = "It will be fixed by 23:30."
    publish_update(
        incident=incident, texts={"public": text}, seen=0, next_due={}, by=actor_of(cast.ada), now=NOW,
        overruled=check_words(text, audience="public", says_next=True),
    )  # fmt: skip
    facts = Entry.objects.get(kind="wording.overruled").facts.data
    assert (facts["kinds"], facts["marks"]) == (["eta"], "will be fixed by 23:30")


def test_the_public_state_moves_only_by_public_words(incident: Incident, page: StatusPage, cast: Cast) -> None:
    assert words_of(incident, now=NOW).differs is False  # nothing was said yet
    tell(incident, cast, public=WORDS)
    moved = change_state(incident=incident, state="resolved", by=actor_of(cast.ada), now=NOW + MINUTE, reason="back")
    assert page.versions.latest("number").content["indicator"] == "critical"
    assert words_of(moved, now=NOW + MINUTE).differs is True
    tell(moved, cast, seen=1, now=NOW + 2 * MINUTE, support="It works again.")
    assert words_of(moved, now=NOW + 2 * MINUTE).differs is True
    tell(moved, cast, seen=2, now=NOW + 3 * MINUTE, public="It works again.")
    assert words_of(moved, now=NOW + 3 * MINUTE).differs is False
    content = page.versions.latest("number").content
    assert (content["indicator"], content["open"], content["incidents"][0]["next_due_at"]) == ("none", False, None)


def test_a_restricted_incident_is_never_told_publicly(incident: Incident, page: StatusPage, cast: Cast) -> None:
    subscribe(page, "bakery")
    incident.restricted = True
    incident.save()
    with pytest.raises(Refused):
        tell(incident, cast, public=WORDS)
    with pytest.raises(Refused, match="Nobody of Leadership is named"):
        tell(incident, cast, leadership="Sensitive words.")  # Dana and Eve may not see it
    assert (reach_of(incident).pages, reach_of(incident).subscribers) == ([], 0)
    assert (Update.objects.count(), Job.objects.filter(kind__startswith="inform").count()) == (0, 0)
    incident.named.add(cast.dana)
    tell(incident, cast, leadership="Sensitive words.")
    assert [parcel.to for parcel in mails("inform.inside_mail") if isinstance(parcel, Parcel)] == ["dana@example.com"]
    assert not Job.objects.filter(kind="inform.fan_out").exists()


def test_many_subscribers_are_planned_in_slices_each_once(incident: Incident, page: StatusPage, cast: Cast) -> None:
    subscribe(page, *[f"c{n:03}" for n in range(SLICE + 5)])
    subscribe(page, "never", confirmed=False)
    other = make_page(name="Second", parts=[("Pay", Flow.objects.get())], by=actor_of(cast.ada), now=NOW)
    subscribe(other, "c000", "c001")
    update = tell(incident, cast, public=WORDS)[0]
    for _ in range(3):
        run("inform.fan_out")
    assert Job.objects.filter(kind="inform.subscriber_mail").count() == SLICE + 5
    assert not Job.objects.filter(kind="inform.fan_out", state="waiting").exists()
    assert fan_out(update=update, after="", now=NOW) == SLICE  # a repeat plans nothing new
    assert Job.objects.filter(kind="inform.subscriber_mail").count() == SLICE + 5


def test_a_holding_update_is_worded_for_each_and_starts_every_clock_again(incident: Incident, cast: Cast) -> None:
    tell(incident, cast, public=WORDS, support="Say this.")
    later = NOW + 25 * MINUTE
    post_holding(
        incident=incident, texts={"public": "Still failing.", "support": "Nothing new."}, seen=1,
        next_due={"public": later + 30 * MINUTE, "support": later + 30 * MINUTE}, by=actor_of(cast.ada), now=later,
    )  # fmt: skip
    assert [(one.audience, one.text, one.holding) for one in Update.objects.filter(number=2)] == [
        ("public", "Still failing.", True),
        ("support", "Nothing new.", True),
    ]
    due = {one.audience: one.due_at for one in audience_clocks(incident, now=later)}
    assert (due["public"], due["support"]) == (later + 30 * MINUTE, later + 30 * MINUTE)
    assert Entry.objects.filter(kind="update.held").count() == 2


def test_a_promise_warns_who_speaks_then_tells_the_owner_and_stays_on_record(incident: Incident, cast: Cast) -> None:
    tell(incident, cast, public=WORDS, support="x", inside="x", leadership="x", now=NOW)
    due = NOW + 30 * MINUTE
    assert watch_clocks(now=due - 6 * MINUTE) == 0
    assert watch_clocks(now=due - 4 * MINUTE) == 4
    assert watch_clocks(now=due - 3 * MINUTE) == 0  # each once
    soon = JOB_KINDS["inform.clock_soon"].store
    late = JOB_KINDS["inform.clock_late"].store
    assert soon is not None
    assert late is not None
    for job in Job.objects.filter(kind="inform.clock_soon"):
        soon(job, now=due - 4 * MINUTE)
    assert {job.payload["person"] for job in Job.objects.filter(kind="inform.clock_mail")} == {
        cast.ada.pk,
        cast.cleo.pk,
    }
    tell(incident, cast, seen=1, now=due - MINUTE, support="x", inside="x", leadership="x")
    assert watch_clocks(now=due) == 1
    for job in Job.objects.filter(kind="inform.clock_late"):
        late(job, now=due)
    missed = Entry.objects.get(kind="clock.missed")
    assert (missed.facts.data["audience"], missed.facts.data["at"]) == ("Public", "22:42 UTC")
    parcels = [parcel for parcel in _clock_mails(due) if isinstance(parcel, Parcel)]
    assert [(parcel.to, parcel.subject) for parcel in parcels] == [
        ("ada@example.com", f"{incident.reference}: Public hears by 23:42 CET"),
        ("ada@example.com", f"{incident.reference}: Public was promised a word by 23:42 CET and got none"),
    ]


def _clock_mails(now: dt.datetime) -> list[Parcel | Skip]:
    prepare = JOB_KINDS["inform.clock_mail"].prepare
    assert prepare is not None
    jobs = Job.objects.filter(kind="inform.clock_mail", payload__person__gt=0).order_by("pk")
    return [prepare(job, now=now) for job in jobs]


def test_a_mail_to_a_subscriber_ends_with_one_click(incident: Incident, page: StatusPage, cast: Cast) -> None:
    subscribe(page, "bakery")
    tell(incident, cast, public=WORDS)
    run("inform.fan_out")
    parcel = mails("inform.subscriber_mail")[0]
    assert isinstance(parcel, Parcel)
    assert parcel.subject == "Tillhouse: Investigating: Card payments"
    assert parcel.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parcel.headers["List-Unsubscribe"].startswith("<http")
    Subscriber.objects.update(ended_at=NOW)
    assert mails("inform.subscriber_mail") == [Skip("the subscription has ended")]


def test_publishing_to_thousands_holds_the_gate_for_a_moment(
    incident: Incident, page: StatusPage, cast: Cast, holds: Holds
) -> None:
    subscribe(page, *[f"c{n}" for n in range(1243)])
    plan_job("inform.fan_out", key="warm", now=NOW, payload={"update": 0, "after": ""})
    tries = [partial(tell, incident, cast, seen=seen, public=WORDS) for seen in range(3)]
    assert holds.longest_of(*tries) <= LIMIT
    assert reach_of(incident).of({"public", "support"}) == (1243, ["support"])


@pytest.mark.parametrize(
    ("audience", "why"),
    [
        ("public", "No status page shows Checkout. Make one first, or leave the public out."),
        ("support", "Nobody of Support is named. Name someone first, or leave them out."),
        ("leadership", "Nobody of Leadership is named. Name someone first, or leave them out."),
    ],
)
def test_a_word_to_nobody_is_refused_and_resets_no_clock(
    incident: Incident, page: StatusPage, cast: Cast, audience: str, why: str
) -> None:
    page.components.all().delete()
    leave_role(incident=incident, role="support_liaison", by=actor_of(cast.ada), now=OPENED)
    User.objects.filter(access__in=("support", "stakeholder")).update(is_active=False)
    before = {one.audience: (one.due_at, one.heard) for one in audience_clocks(incident, now=NOW)}
    assert before[audience] == (OPENED + 10 * MINUTE if audience == "public" else None, False)
    jobs, entries = Job.objects.count(), Entry.objects.count()
    with pytest.raises(Refused) as refused:
        tell(incident, cast, inside="SEV1.", **{audience: WORDS})  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.sentence) == (audience, why)
    assert (Update.objects.count(), Job.objects.count(), Entry.objects.count()) == (0, jobs, entries)
    assert {one.audience: (one.due_at, one.heard) for one in audience_clocks(incident, now=NOW)} == before


def test_a_liaison_is_enough_to_be_told(incident: Incident, cast: Cast) -> None:
    User.objects.filter(access__in=("support", "stakeholder")).exclude(pk=cast.cleo.pk).update(is_active=False)
    assert {one.audience: one.heard for one in audience_clocks(incident, now=NOW)} == {
        "inside": True, "support": True, "leadership": False, "public": True,
    }  # fmt: skip
    take_role(incident=incident, role="leadership_liaison", user=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert len(tell(incident, cast, leadership="SEV1.", support="Say this.")) == 2


def test_what_a_restricted_incident_is_heard_by_are_those_named(incident: Incident, cast: Cast) -> None:
    incident.restricted = True
    incident.save()
    incident.named.set([cast.ben])
    heard = {one.audience for one in audience_clocks(incident, now=NOW) if one.heard}
    assert heard == reach_of(incident).heard == {"inside"}  # Cleo is its liaison and may not see it
    incident.named.set([cast.ben, cast.cleo])
    heard = {one.audience for one in audience_clocks(incident, now=NOW) if one.heard}
    assert heard == reach_of(incident).heard == {"inside", "support"}


def test_a_page_shows_the_flow_at_once_and_no_other(incident: Incident, page: StatusPage, cast: Cast) -> None:
    flow, by = Flow.objects.get(), actor_of(cast.ada)
    page.components.all().delete()
    versions = page.versions.count()
    assert show_flow(flow=flow, name="", by=by, now=NOW) == page
    assert ([part.name for part in page.components.all()], page.versions.count()) == (["Checkout"], versions + 1)
    assert show_flow(flow=flow, name="", by=by, now=NOW) == page
    assert (page.components.count(), page.versions.count()) == (1, versions + 1)
    page.delete()
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="Give the page a name"):
        show_flow(flow=flow, name=" ", by=by, now=NOW)
    assert (StatusPage.objects.count(), Entry.objects.count()) == (0, entries)
    made = show_flow(flow=flow, name="Tillhouse", by=by, now=NOW)
    assert (made.slug, made.private, [part.flow for part in made.components.all()]) == ("tillhouse", False, [flow])


def test_a_holding_update_is_a_first_word_to_who_heard_nothing(incident: Incident, cast: Cast) -> None:
    tell(incident, cast, support="Say this.")
    post_holding(
        incident=incident, texts={"public": WORDS, "support": "Nothing new."}, seen=1, next_due={},
        by=actor_of(cast.ada), now=NOW,
    )  # fmt: skip
    assert {one.audience: one.holding for one in Update.objects.filter(number=2)} == {"public": False, "support": True}
    assert Entry.objects.filter(kind="update.held").count() == 1


def test_an_exercise_is_heard_as_in_earnest_and_touches_no_page(
    incident: Incident, page: StatusPage, cast: Cast
) -> None:
    incident.practice = True
    incident.save()
    before = page.versions.count()
    assert len(tell(incident, cast, public=WORDS)) == 1
    assert page.versions.count() == before
    page.delete()
    with pytest.raises(Refused, match="No status page shows Checkout"):
        tell(incident, cast, seen=1, public=WORDS)


def test_the_button_names_whom_it_reaches(cast: Cast) -> None:
    page = StatusPage(name="Northwind", slug="northwind", since=NOW)
    full = Reach({"inside": [cast.ada], "support": [cast.dana], "leadership": []}, [page], 1243, frozenset())
    assert reach_words(full, {"public", "inside", "support", "leadership"}) == "1,243 subscribers, the team and support"
    assert reach_words(replace(full, subscribers=0), {"public", "inside"}) == "the status page and the team"
    assert reach_words(full, {"leadership"}) == "the room"
