"""Roles before the night: the nearest that has somebody, accepted in person, and every empty hour by name."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.people.models.team import Team
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.duty import accept_duty, ask_for_duties, remove_duty, set_duty
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.handlers.duty import duty_mail
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.duty import duty_gaps, known_duties
from firstcall.ready.rules.duty import (
    LASTS,
    Duties,
    DutyFacts,
    Named,
    Place,
    Rota,
    is_accepted,
    is_to_ask,
    named,
    stretches,
)
from firstcall.ready.rules.schedule import RotationFacts
from firstcall.ready.rules.window import Window
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)  # a Friday
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
ADA, BEN, CLEO = 1, 2, 3
COMMS = "communications_lead"
WEEKDAYS = Window(frozenset({1, 2, 3, 4, 5}), dt.time(0), dt.time(0))
NIGHTS = Rota(
    "Nights", (RotationFacts((BEN,), 7, dt.time(9), dt.date(2026, 11, 16), "UTC", until=dt.date(2026, 11, 21)),), ()
)


def known(*duties: DutyFacts, accepted: dict[tuple[int, int], dt.datetime] | None = None) -> Duties:
    return Duties(duties, accepted or {}, frozenset({ADA, BEN, CLEO}), "UTC")


def who(found: Named) -> tuple[int | None, int | None, bool, str]:
    return found.user, found.duty, found.deputy, plain(found.reason)


def test_the_nearest_wins() -> None:
    facts = known(
        DutyFacts(1, COMMS, ADA), DutyFacts(2, COMMS, BEN, team=7), DutyFacts(3, COMMS, CLEO, flow=9),
        DutyFacts(4, "owner", ADA),
    )  # fmt: skip
    for place, expected in (
        (Place(), (ADA, 1, False, "Named for everything.")),
        (Place(flow=8), (ADA, 1, False, "Named for everything.")),
        (Place(flow=8, team=7), (BEN, 2, False, "Named for the team.")),
        (Place(flow=9, team=7), (CLEO, 3, False, "Named for this flow.")),
    ):
        assert who(named(facts, COMMS, place, at=NOW)) == expected
    assert who(named(facts, "technical_lead", Place(), at=NOW)) == (None, None, False, "Nobody is named.")


def test_certain_hours_go_before_any_hour() -> None:
    facts = known(DutyFacts(1, COMMS, ADA), DutyFacts(2, COMMS, CLEO, windows=(WEEKDAYS,)))
    assert named(facts, COMMS, Place(), at=NOW).user == CLEO
    assert named(facts, COMMS, Place(), at=NOW + 3 * HOUR).user == ADA


def test_who_left_or_is_not_on_call_gives_way_to_the_deputy_then_to_the_next() -> None:
    gone = 99
    on_call = DutyFacts(1, COMMS, NIGHTS, deputy=CLEO, flow=9)
    assert who(named(known(on_call), COMMS, Place(9), at=NOW)) == (BEN, 1, False, "On call for Nights.")
    later = named(known(on_call), COMMS, Place(9), at=NOW + 12 * HOUR)
    assert who(later) == (CLEO, 1, True, "The deputy: whoever is named first has left or is not on call.")
    left = DutyFacts(2, COMMS, gone, deputy=gone, flow=9)
    assert named(known(left, DutyFacts(3, COMMS, ADA)), COMMS, Place(9), at=NOW).user == ADA
    alone = named(known(left), COMMS, Place(9), at=NOW)
    assert who(alone) == (None, 2, False, "Whoever is named has left or is not on call.")


def test_an_acceptance_counts_for_ninety_days() -> None:
    assert not is_accepted(None, at=NOW)
    assert is_accepted(NOW, at=NOW + LASTS - HOUR)
    assert not is_accepted(NOW, at=NOW + LASTS)
    assert is_to_ask(None, None, now=NOW)
    for asked, accepted, later, expected in (
        (NOW, None, DAY, False), (NOW, None, LASTS, True), (None, NOW, DAY, False), (NOW, NOW + DAY, LASTS, False),
        (NOW, NOW + DAY, LASTS + DAY, True),
    ):  # fmt: skip
        assert is_to_ask(asked, accepted, now=NOW + later) is expected


def test_stretches_leave_no_gap_and_change_with_the_answer() -> None:
    facts = known(DutyFacts(1, COMMS, NIGHTS), accepted={(1, BEN): NOW + 5 * HOUR - LASTS})
    found = stretches(facts, [COMMS], Place(), start=NOW, end=NOW + DAY)[COMMS]
    assert [(one.named.user, one.named.accepted, one.starts, one.ends) for one in found] == [
        (BEN, True, NOW, NOW + 5 * HOUR),
        (BEN, False, NOW + 5 * HOUR, NOW + 11 * HOUR),
        (None, False, NOW + 11 * HOUR, NOW + DAY),
    ]


def name_all(cast: Cast, *but: str) -> None:
    for role in ("owner", "technical_lead", COMMS, "support_liaison", "leadership_liaison"):
        if role not in but:
            duty = set_duty(role=role, holder=cast.ada, by=MACHINE, now=NOW)
            accept_duty(duty=duty, person=cast.ada, by=actor_of(cast.ada), now=NOW)


def gaps(end: dt.datetime = NOW + 7 * DAY) -> list[str]:
    return [plain(one.sentence) for one in duty_gaps(NOW, end)]


def test_with_nobody_named_every_role_is_a_gap(cast: Cast) -> None:
    assert gaps() == [
        "At any hour: nobody owns what breaks.",
        "At any hour: nobody leads the technical work.",
        "At any hour: nobody speaks to customers.",
        "At any hour: nobody keeps support informed.",
        "At any hour: nobody keeps leadership informed.",
    ]
    name_all(cast)
    assert gaps() == []


def test_a_gap_is_said_by_weekday_and_hour_and_by_flow(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    name_all(cast, COMMS)
    days = (Window(frozenset({7, 1, 2, 3, 4, 5}), dt.time(0), dt.time(0)),)
    duty = set_duty(role=COMMS, holder=cast.cleo, windows=days, by=MACHINE, now=NOW)
    accept_duty(duty=duty, person=cast.cleo, by=actor_of(cast.cleo), now=NOW)
    saturday = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    with django_assert_max_num_queries(11):
        (gap,) = duty_gaps(NOW, NOW + 7 * DAY)
    assert plain(gap.sentence) == "Saturday: nobody speaks to customers."
    assert (gap.role, gap.user, gap.flows, gap.starts, gap.ends) == (COMMS, None, (), saturday, saturday + DAY)
    checkout = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    assert gaps() == ["Saturday: nobody speaks to customers."]
    mine = (Window(frozenset({6}), dt.time(6), dt.time(0)),)
    set_duty(role=COMMS, holder=cast.ben, place=checkout, windows=mine, by=MACHINE, now=NOW)
    assert gaps() == [
        "Saturday 00:00 to 06:00, for Checkout: nobody speaks to customers.",
        "Saturday 06:00 to Sunday 00:00, for Checkout: Ben would speak to customers, and has not accepted it.",
        "Saturday, for Reports: nobody speaks to customers.",
    ]


def test_only_the_person_takes_it_and_a_change_asks_again(cast: Cast) -> None:
    duty = set_duty(role=COMMS, holder=cast.cleo, deputy=cast.ben, by=MACHINE, now=NOW)
    with pytest.raises(Refused, match=r"Only Cleo can take this\."):
        accept_duty(duty=duty, person=cast.cleo, by=actor_of(cast.ada), now=NOW)
    with pytest.raises(Refused, match=r"You are not named for this any more\."):
        accept_duty(duty=duty, person=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert Acceptance.objects.count() == 0
    accept_duty(duty=duty, person=cast.cleo, by=actor_of(cast.cleo), now=NOW)
    assert known_duties().named(COMMS, None, at=NOW).accepted
    same = set_duty(role=COMMS, holder=cast.cleo, deputy=cast.ben, duty=duty, by=MACHINE, now=NOW)
    assert known_duties().named(COMMS, None, at=NOW).accepted
    set_duty(role=COMMS, holder=cast.cleo, deputy=cast.ada, duty=same, by=MACHINE, now=NOW)
    assert not known_duties().named(COMMS, None, at=NOW).accepted
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["duty.named", "duty.accepted", "duty.changed"]


def test_each_is_asked_once_with_all_of_it_and_again_after_ninety_days(cast: Cast) -> None:
    turns = Layer((cast.ben, cast.ada), dt.time(9), dt.date(2026, 11, 16))
    schedule = set_schedule(name="Nights", zone="Europe/Berlin", layers=[turns], by=MACHINE, now=NOW)
    set_duty(role="technical_lead", holder=schedule, by=MACHINE, now=NOW)
    owner = set_duty(role="owner", holder=cast.ada, by=MACHINE, now=NOW)
    assert ask_for_duties(now=NOW) == 2
    assert ask_for_duties(now=NOW + DAY) == 0
    job = Job.objects.get(kind="ready.duty_mail", payload__person=cast.ada.pk)
    mail = duty_mail(job, now=NOW)
    assert getattr(mail, "to", "") == "ada@example.com"
    assert "- incident owner, everything\n- technical lead, everything\n" in getattr(mail, "text", "")
    accept_duty(duty=owner, person=cast.ada, by=actor_of(cast.ada), now=NOW + DAY)
    assert ask_for_duties(now=NOW + LASTS) == 2  # Ben, and Ada for what she has not taken
    again = Job.objects.get(kind="ready.duty_mail", payload__person=cast.ada.pk, planned_at=NOW + LASTS)
    assert again.payload["duties"] == [Duty.objects.get(role="technical_lead").pk]


def test_what_makes_no_sense_is_refused_and_changes_nothing(cast: Cast) -> None:
    cast.eve.is_active = False
    cast.eve.save()
    team = Team.objects.create(slug="payments", name="Payments")
    for said, sentence, field in (
        ({"role": "king", "holder": cast.ada}, "Choose from the roles there are.", "role"),
        ({"role": "owner", "holder": cast.eve}, "Eve no longer has an account.", "holder"),
        ({"role": "owner", "holder": cast.ada, "deputy": cast.ada}, "A deputy is somebody else.", "deputy"),
    ):
        with pytest.raises(Refused) as refused:
            set_duty(**said, place=team, by=MACHINE, now=NOW)  # type: ignore[arg-type]
        assert (refused.value.sentence, refused.value.field) == (sentence, field)
    assert Duty.objects.count() == Entry.objects.count() == 0


def test_what_came_from_a_file_is_changed_there(cast: Cast) -> None:
    duty = set_duty(role="owner", holder=cast.ada, by=MACHINE, now=NOW)
    Duty.objects.update(origin="flows.yaml")
    duty.refresh_from_db()
    with pytest.raises(Refused, match=r"flows\.yaml"):
        set_duty(role="owner", holder=cast.ben, duty=duty, by=MACHINE, now=NOW)
    with pytest.raises(Refused, match=r"flows\.yaml"):
        remove_duty(duty=duty, by=MACHINE, now=NOW)
    assert Duty.objects.get().user == cast.ada
