"""Nothing fires for long with no incident and nobody told: what comes back, what is new, and what never stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job, State
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.group import close_group
from firstcall.detect.commands.source import make_source
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.source import Source
from firstcall.detect.tests.incoming import alert, send
from firstcall.journal.kinds import present
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.learn.queries.incident import harm_from
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.respond.commands.escalation import acknowledge
from firstcall.respond.commands.incident import accept_incident, change_state, decline_incident, open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.queries.lifeline import draw
from firstcall.respond.queries.page import briefing_of
from tests.cast import Cast, make_cast

START = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
REACTIONS = ("reactions.group_paged", "reactions.group_recovered", "reactions.still_firing", "respond.escalation_step")

pytestmark = pytest.mark.django_db


def at(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


class Night:
    """Checkout needs payments, payments needs the ledger; its path wakes Ben, and Ada owns what opens."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        path = EscalationPath.objects.create(name="Night")
        EscalationStep.objects.create(path=path, order=0, wait_minutes=5, user=self.cast.ben)
        self.flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)
        payments = Component.objects.create(slug="payments", name="Payments service")
        ledger = Component.objects.create(slug="ledger", name="Ledger")
        Dependency.objects.create(flow=self.flow, component=payments)
        Dependency.objects.create(from_component=payments, component=ledger)
        self.source: Source = make_source(name="Prometheus", kind="alertmanager", by=MACHINE, now=START)[0]
        self.hear("PaymentsFail", minute=0)
        self.incident = Incident.objects.get()
        by = actor_of(self.cast.ada)
        accept_incident(incident=self.incident, by=by, now=at(1))
        take_role(incident=self.incident, role="owner", user=self.cast.ada, by=by, now=at(1))
        acknowledge(page=Page.objects.get(), by=actor_of(self.cast.ben), now=at(2))

    def hear(self, *names: str, minute: float, status: str = "firing", job: str = "payments") -> None:
        """It comes in, is folded, and the worker does what is due."""
        for name in names:
            send(self.source, alert(name, status=status, job=job), at=at(minute))
        fold_inbox(now=at(minute))
        self.work(minute)

    def work(self, minute: float) -> None:
        due = Job.objects.filter(kind__in=REACTIONS, state=State.WAITING, due__lte=at(minute)).order_by("due", "id")
        while (job := due.first()) is not None:
            store = JOB_KINDS[job.kind].store
            assert store is not None
            store(job, now=at(minute))
            Job.objects.filter(pk=job.pk).update(state=State.DONE)

    def resolve(self, minute: float, *, all_the_same: bool = False) -> None:
        change_state(
            incident=self.incident, state="resolved", by=actor_of(self.cast.ada), now=at(minute),
            reason="the bank says so" if all_the_same else "", all_the_same=all_the_same,
        )  # fmt: skip

    def seen(self) -> tuple[str, list[str]]:
        """Its state, and who was paged so far, in order."""
        self.incident.refresh_from_db()
        return self.incident.state, list(Page.objects.order_by("id").values_list("user__name", flat=True))

    def told(self) -> list[str]:
        """What the timeline says since it was resolved."""
        rows = Entry.objects.filter(incident=self.incident.pk).select_related("facts").order_by("id")
        lines = [present(row.kind, by=row.by_name, facts=row.facts.data) for row in rows]
        return lines[max(n for n, row in enumerate(rows) if row.kind == "incident.resolved") :]


@pytest.fixture
def night() -> Iterator[Night]:
    yield Night()


def test_what_recovered_and_fires_again_opens_it_again_and_pages_the_path_with_the_owner(night: Night) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    assert night.seen() == ("resolved", ["Ben"])
    night.hear("PaymentsFail", minute=40)
    assert night.seen() == ("investigating", ["Ben", "Ada", "Ben"])
    assert night.told()[1] == "Firstcall opened it again: it is back: PaymentsFail on payments"
    assert (Incident.objects.count(), AlertGroup.objects.filter(incident=night.incident.pk).count()) == (1, 2)
    assert (night.incident.resolved_at, night.incident.recovered_at) == (None, None)


def hit(night: Night, minute: float) -> list[tuple[float, float]]:
    """The minutes of impact as known at `minute`."""
    night.incident.refresh_from_db()
    spans = night.incident.impact(now=at(minute))
    return [((since - START) / MINUTE, (until - START) / MINUTE) for since, until in spans]


def test_until_its_alert_began_again_it_worked(night: Night) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    Alert.objects.update(started_at=at(0))
    send(night.source, alert("PaymentsFail", job="payments") | {"startsAt": at(38).isoformat()}, at=at(40))
    fold_inbox(now=at(40))
    night.work(40)
    assert night.seen()[0] == "investigating"
    assert hit(night, 50) == [(0, 25), (38, 50)]
    assert [one.opened for one in night.incident.returned] == [at(40)]


def test_what_never_stopped_was_impact_all_along(night: Night) -> None:
    night.resolve(25, all_the_same=True)
    night.work(35)
    assert hit(night, 50) == [(0, 50)]
    harm = harm_from(night.incident, RoleHolding.objects.all(), now=at(50))
    assert (harm.minutes, round(harm.person_hours * 60), harm.came_back) == (
        50,
        77,
        False,
    )  # till 25, from 35 on: Ada 39, Ben 38


def test_who_was_woken_for_nothing_and_opens_it_all_the_same_counts_from_the_first(night: Night) -> None:
    Incident.objects.filter(pk=night.incident.pk).update(state="triage", accepted_at=None)
    by = actor_of(night.cast.ada)
    decline_incident(incident=night.incident, by=by, now=at(5), reason="a test")
    assert hit(night, 50) == [(0, 5)]
    change_state(incident=night.incident, state="investigating", by=by, now=at(30), reason="it was none")
    assert hit(night, 50) == [(0, 50)]


def test_a_person_says_since_when_it_is_back(night: Night, client: Client) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    client.force_login(night.cast.ada)
    page = f"/incidents/{night.incident.pk}/state/"
    sent = {"state": "investigating", "reason": "it is back"}
    with clock.read_from(lambda: at(60)):
        assert client.post(page, sent | {"back": "late"}).status_code == 422
        assert (night.seen()[0], hit(night, 60)) == ("resolved", [(0, 25)])
        client.post(page, sent | {"back": f"{at(55).astimezone(ZoneInfo(night.cast.ada.zone)):%H:%M}"})
        assert (night.seen()[0], hit(night, 60)) == ("investigating", [(0, 25), (55, 60)])
        room = client.get(f"/incidents/{night.incident.pk}/").content.decode()
        assert ">30 min</b>" in room and "again since" in room
        assert f'data-since="{at(30).astimezone(ZoneInfo(night.cast.ada.zone)).isoformat()}"' in room
        shown = draw(night.incident, [], now=at(60), zone=dt.UTC).bad
        assert shown == ((40.0, 340.0), (700.0, 760.0))
        now = client.get("/").content.decode()
        assert ">30 min</strong>" in now


def test_a_time_to_come_opens_nothing(night: Night) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        change_state(incident=night.incident, state="investigating", by=MACHINE, now=at(60), reason="x", back=at(61))
    assert (refused.value.field, night.seen()[0], Entry.objects.count()) == ("back", "resolved", entries)


def test_who_is_woken_again_reads_that_it_is_back(night: Night) -> None:
    first = briefing_of(Page.objects.get(), viewer=night.cast.ben, now=at(1)).why
    assert first == night.incident.reason != ""
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    night.hear("PaymentsFail", minute=40)
    again = Page.objects.filter(user=night.cast.ben).latest("id")
    said = briefing_of(again, viewer=night.cast.ben, now=at(41)).why
    assert said == "It is open again, because it is back: PaymentsFail on payments."


def test_two_hours_later_it_is_a_new_one(night: Night) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    night.hear("PaymentsFail", minute=25 + 121)
    assert night.seen() == ("resolved", ["Ben", "Ben"])
    assert list(Incident.objects.order_by("pk").values_list("state", flat=True)) == ["resolved", "triage"]


def test_another_part_of_the_flow_is_another_outage(night: Night) -> None:
    night.hear("PaymentsFail", minute=20, status="resolved")
    night.resolve(25)
    night.hear("LedgerFull", minute=26, job="ledger")
    assert night.seen() == ("resolved", ["Ben", "Ben"])
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(("name", "job"), [("CardErrors", "payments"), ("LedgerFull", "ledger")])
def test_a_new_alert_of_what_was_said_to_be_over_wakes_at_once(night: Night, name: str, job: str) -> None:
    night.resolve(25, all_the_same=True)
    night.hear(name, minute=26, job=job)
    fresh = Alert.objects.get(rule=name)
    assert (fresh.verdict, Page.objects.count() > 1) == ("page", True)
    assert fresh.group.let_go_at is None
    open_ = Incident.objects.get(state__in=["triage", "investigating"])
    assert fresh.group.incident == open_.pk
    assert (open_ == night.incident) == (job == "payments")


def test_a_second_new_alert_joins_what_was_opened_again(night: Night) -> None:
    night.resolve(25, all_the_same=True)
    night.hear("CardErrors", "CardsSlow", minute=26)
    night.hear("CardsGone", minute=27)
    assert night.seen() == ("investigating", ["Ben", "Ada", "Ben"])
    assert Alert.objects.get(rule="CardsGone").verdict == "join"
    assert Job.objects.filter(kind="reactions.group_paged").count() == 2


def test_a_repeat_is_nothing_new_but_ten_minutes_later_somebody_is_woken(night: Night) -> None:
    night.resolve(25, all_the_same=True)
    for minute in (26, 30, 34):
        night.hear("PaymentsFail", minute=minute)
    assert night.seen() == ("resolved", ["Ben"])
    night.work(35)
    assert night.seen() == ("investigating", ["Ben", "Ada", "Ben"])
    assert night.told() == [
        "Ada says it is resolved",
        "Ada says that it is over all the same, though this still fires: PaymentsFail on payments. the bank says so",
        "Firstcall opened it again: it still fires: PaymentsFail on payments",
        "Firstcall started the escalation path Night",
        "Step 1: paged Ben",
    ]
    night.work(600)
    assert night.seen()[0] == "investigating"


def test_who_says_so_again_is_left_alone_for_longer_but_not_for_good(night: Night) -> None:
    night.resolve(25, all_the_same=True)
    night.work(35)
    night.resolve(40, all_the_same=True)
    night.work(99)
    assert night.seen()[0] == "resolved"
    night.work(100)
    assert night.seen()[0] == "investigating"


@pytest.mark.parametrize("calm", ["recovered", "closed by a person", "opened by a person"])
def test_what_has_calmed_down_wakes_nobody(night: Night, calm: str) -> None:
    night.resolve(25, all_the_same=True)
    by = actor_of(night.cast.ada)
    if calm == "recovered":
        night.hear("PaymentsFail", minute=30, status="resolved")
    elif calm == "closed by a person":
        close_group(group=AlertGroup.objects.get(), by=by, now=at(30))
    else:
        change_state(incident=night.incident, state="investigating", by=by, now=at(30), reason="I was wrong")
        assert AlertGroup.objects.get().let_go_at is None
    night.work(60)
    assert night.seen() == ("investigating" if calm == "opened by a person" else "resolved", ["Ben"])


def test_what_still_fires_joins_the_open_incident_of_its_flow(night: Night) -> None:
    night.resolve(25, all_the_same=True)
    night.hear("LedgerFull", minute=26, job="ledger")
    night.work(35)
    assert night.seen() == ("resolved", ["Ben", "Ben", "Ada"])  # nobody answered the second page: all admins
    other = Incident.objects.exclude(pk=night.incident.pk).get()
    assert set(AlertGroup.objects.values_list("incident", "let_go_at")) == {(other.pk, None)}


def declined(night: Night, minute: float) -> None:
    Incident.objects.filter(pk=night.incident.pk).update(state="triage", accepted_at=None)
    decline_incident(incident=night.incident, by=actor_of(night.cast.ada), now=at(minute), reason="a test")


def test_a_false_alarm_that_gets_a_new_alert_is_a_new_incident(night: Night) -> None:
    declined(night, 5)
    night.hear("PaymentsFail", minute=6)
    night.work(20)
    assert (night.seen(), Incident.objects.count()) == (("closed", ["Ben"]), 1)
    night.hear("CardErrors", minute=21)
    new = Incident.objects.exclude(pk=night.incident.pk).get()
    assert (new.state, new.title, new.impact_started_at) == ("triage", "CardErrors on payments", at(21))
    assert night.seen() == ("closed", ["Ben", "Ben"])


def test_what_was_declined_and_fires_on_is_asked_again_later_each_time(night: Night) -> None:
    declined(night, 5)
    night.work(34)
    assert night.seen() == ("closed", ["Ben"])
    night.work(35)
    assert night.seen() == ("triage", ["Ben", "Ada", "Ben"])  # the path, and whoever declined it
    why = "It still fires: PaymentsFail on payments; Ada declined it: a test"
    assert (night.incident.reason, night.incident.closed_at) == (why, None)
    asked = Page.objects.get(user=night.cast.ada)
    assert (asked.because, briefing_of(asked, viewer=night.cast.ada, now=at(35)).why) == (
        "said_no", f"It is open again, because {why[0].lower()}{why[1:]}.",
    )  # fmt: skip
    assert hit(night, 50) == [(0, 50)]
    assert AlertGroup.objects.get().let_go_at is None
    declined(night, 40)
    night.work(40 + 8 * 60 - 1)
    assert night.seen()[0] == "closed"
    night.work(40 + 8 * 60)
    assert night.seen()[0] == "triage"


@pytest.mark.parametrize("calm", ["recovered", "closed by a person", "opened by a person", "light", "joined"])
def test_nobody_is_asked_again_without_need(night: Night, calm: str) -> None:
    by, severity = actor_of(night.cast.ada), 4 if calm == "light" else 1
    Incident.objects.filter(pk=night.incident.pk).update(severity=severity)
    declined(night, 5)
    other = None
    if calm == "recovered":
        night.hear("PaymentsFail", minute=10, status="resolved")
    elif calm == "closed by a person":
        close_group(group=AlertGroup.objects.get(), by=by, now=at(10))
    elif calm == "opened by a person":
        change_state(incident=night.incident, state="investigating", by=by, now=at(10), reason="I was wrong")
    elif calm == "joined":
        other = open_incident(
            title="x", flow=night.flow, severity=1, symptom="", impact_started_at=None, by=by, now=at(10), accepted=True
        )
    night.work(35)
    state = {"opened by a person": "investigating", "light": "triage"}.get(calm, "closed")
    assert night.seen() == (state, ["Ben"])
    assert AlertGroup.objects.get().incident == (other or night.incident).pk


def test_who_declines_what_fires_reads_when_it_is_asked_again(night: Night, client: Client) -> None:
    Incident.objects.filter(pk=night.incident.pk).update(state="triage", accepted_at=None)
    client.force_login(night.cast.ada)
    page = f"/incidents/{night.incident.pk}/decline/"
    with clock.read_from(lambda: at(5)):
        assert "If that has not stopped in 30 min" in client.get(page).content.decode()
        client.post(page, {"reason": "a test"})
        assert "If that has not stopped in 8 h" in client.get(page).content.decode()
    rows = Entry.objects.filter(kind="incident.still_firing").select_related("facts")
    assert present("incident.still_firing", by="", facts=rows[0].facts.data).endswith("it is asked again Fri 22:31 UTC")


@pytest.mark.parametrize(
    ("given", "field"), [({"all_the_same": False}, "all_the_same"), ({"all_the_same": True, "reason": " "}, "reason")]
)
def test_resolving_while_it_fires_needs_a_word_and_a_reason(night: Night, given: dict[str, object], field: str) -> None:
    before = (Entry.objects.count(), Job.objects.count())
    with pytest.raises(Refused) as refused:
        change_state(incident=night.incident, state="resolved", by=MACHINE, now=at(25), **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert (night.seen()[0], AlertGroup.objects.get().let_go_at) == ("investigating", None)
    assert (Entry.objects.count(), Job.objects.count()) == before


def test_the_form_names_what_fires_and_asks_for_the_word(night: Night, client: Client) -> None:
    client.force_login(night.cast.ada)
    page = f"/incidents/{night.incident.pk}/state/"
    with clock.read_from(lambda: at(25)):
        assert "PaymentsFail on payments" in client.get(page).content.decode()
        refused = client.post(page, {"state": "resolved", "reason": "the bank says so"})
        assert (refused.status_code, night.seen()[0]) == (422, "investigating")
        assert "This still fires: PaymentsFail on payments." in refused.content.decode()
        client.post(page, {"state": "resolved", "reason": "the bank says so", "all_the_same": "yes"})
        assert night.seen()[0] == "resolved"
        assert "still fires" not in client.get(page).content.decode()
