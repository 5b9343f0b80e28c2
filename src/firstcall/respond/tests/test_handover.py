"""A role changes hands with a few words, when the next person accepts."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job, State
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.handover import (
    accept_handover,
    decline_handover,
    note_handover_late,
    offer_handover,
)
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.handover import Handover
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.handover import handover_for, open_handovers
from firstcall.respond.queries.role import holdings_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
NOTE = "Rolled back at 22:40. Bakery Union was promised a call at 23:30."

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(cast: Cast) -> Incident:
    row = open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )
    take_role(incident=row, role="owner", user=cast.ada, by=actor_of(cast.ada), now=NOW)
    return row


def offer(cast: Cast, incident: Incident, *, taker: User | None = None, note: str = NOTE) -> Handover:
    return offer_handover(
        incident=incident, role="owner", giver=cast.ada, taker=taker or cast.ben, note=note, by=actor_of(cast.ada),
        now=NOW + MINUTE,
    )  # fmt: skip


def owner(incident: Incident, cast: Cast) -> list[str]:
    return [one.user.name for one in holdings_of([incident.pk], viewer=cast.ada) if one.role == "owner"]


def told() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="handover.").order_by("id").values_list("kind", flat=True))


def waiting() -> list[str]:
    jobs = Job.objects.filter(kind__startswith="respond.handover", state=State.WAITING)
    return sorted(jobs.values_list("kind", flat=True))


def mail(row: Handover) -> Parcel | Skip:
    prepare = JOB_KINDS["respond.handover_word"].prepare
    assert prepare is not None
    return prepare(Job.objects.get(key=f"handover_word:{row.pk}"), now=NOW + 2 * MINUTE)


def test_it_stays_until_it_is_accepted(cast: Cast, incident: Incident) -> None:
    row = offer(cast, incident)
    assert (owner(incident, cast), open_handovers([incident.pk], viewer=cast.ben)) == (["Ada"], [row])
    assert waiting() == ["respond.handover_late", "respond.handover_word"]
    said = mail(row)
    assert isinstance(said, Parcel)
    assert (said.to, said.subject) == (
        "ben@example.com",
        f"{incident.reference}: Ada asks you to take over as incident owner",
    )
    assert NOTE in said.text
    accept_handover(offer=row, by=actor_of(cast.ben), now=NOW + 2 * MINUTE)
    accept_handover(offer=row, by=actor_of(cast.ben), now=NOW + 3 * MINUTE)
    assert (owner(incident, cast), told(), waiting()) == (["Ben"], ["handover.offered", "handover.accepted"], [])
    assert mail(row) == Skip("it was answered")


def test_declined_or_taken_back_it_stays_where_it_was(cast: Cast, incident: Incident) -> None:
    first = offer(cast, incident)
    decline_handover(offer=first, by=actor_of(cast.ben), now=NOW + 2 * MINUTE)
    second = offer(cast, incident)
    decline_handover(offer=second, by=actor_of(cast.ada), now=NOW + 2 * MINUTE)
    answers = list(Handover.objects.order_by("id").values_list("answer", flat=True))
    assert (answers, owner(incident, cast)) == (["declined", "withdrawn"], ["Ada"])
    with pytest.raises(Refused, match="This offer has ended"):
        accept_handover(offer=first, by=actor_of(cast.ben), now=NOW + 3 * MINUTE)
    assert owner(incident, cast) == ["Ada"]


def test_a_second_offer_or_another_holder_ends_the_first(cast: Cast, incident: Incident) -> None:
    first = offer(cast, incident)
    offer(cast, incident, taker=cast.cleo)
    first.refresh_from_db()
    assert first.answer == "withdrawn"
    take_role(incident=incident, role="owner", user=cast.dana, by=actor_of(cast.dana), now=NOW + 2 * MINUTE)
    assert open_handovers([incident.pk], viewer=cast.ada) == []


@pytest.mark.parametrize(
    ("note", "taker", "field"), [("  ", "ben", "note"), (NOTE, "ada", "taker"), (NOTE, "gone", "taker")]
)
def test_without_words_or_without_somebody_nothing_is_offered(
    cast: Cast, incident: Incident, note: str, taker: str, field: str
) -> None:
    cast.eve.is_active = False
    cast.eve.save()
    people = {"ben": cast.ben, "ada": cast.ada, "gone": cast.eve}
    with pytest.raises(Refused) as refusal:
        offer(cast, incident, taker=people[taker], note=note)
    assert (refusal.value.field, Handover.objects.count(), told(), waiting()) == (field, 0, [], [])


def test_only_ones_own_role(cast: Cast, incident: Incident) -> None:
    with pytest.raises(Refused, match="Ben does not hold this role"):
        offer_handover(
            incident=incident, role="owner", giver=cast.ben, taker=cast.cleo, note=NOTE, by=actor_of(cast.ben), now=NOW
        )
    assert Handover.objects.count() == 0


def test_five_minutes_without_an_answer_are_said_once(cast: Cast, incident: Incident) -> None:
    row = offer(cast, incident)
    note_handover_late(handover_id=row.pk, now=NOW + 6 * MINUTE)
    note_handover_late(handover_id=row.pk, now=NOW + 7 * MINUTE)
    row.refresh_from_db()
    assert (row.late_at, told()) == (NOW + 6 * MINUTE, ["handover.offered", "handover.unanswered"])


def test_a_restricted_one_says_nothing_by_mail_and_is_not_seen(cast: Cast, incident: Incident) -> None:
    row = offer(cast, incident)
    Incident.objects.update(restricted=True)
    said = mail(row)
    assert isinstance(said, Parcel)
    assert (said.subject, NOTE in said.text) == (f"{incident.reference}, restricted", False)
    assert open_handovers([incident.pk], viewer=cast.eve) == []
    assert handover_for(viewer=cast.eve, incident=incident.pk, number=row.pk) is None
