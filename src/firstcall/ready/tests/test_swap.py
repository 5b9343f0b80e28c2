"""Swaps: asked, answered, and what they leave behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.deliver.kinds import Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.schedule import Layer, add_override, set_schedule
from firstcall.ready.commands.swap import accept_swap, ask_swap, decline_swap
from firstcall.ready.handlers.swap import swap_word
from firstcall.ready.models.schedule import Override, Schedule
from firstcall.ready.models.swap import Swap
from firstcall.ready.queries.oncall import plan_of
from firstcall.ready.rules.swap import reminds_at
from firstcall.ready.rules.window import Span
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)  # a Friday
WEEK = dt.timedelta(days=7)
NEXT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)  # Monday 09:00 in Berlin: Ben's week begins
BENS, ADAS = Span(NEXT, NEXT + WEEK), Span(NEXT + WEEK, NEXT + 2 * WEEK)
pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    layer = Layer((cast.ada, cast.ben), dt.time(9), dt.date(2026, 11, 16))
    return set_schedule(name="Payments", zone="Europe/Berlin", layers=[layer], by=MACHINE, now=NOW)


def ask(schedule: Schedule, cast: Cast, *, shift: Span = BENS, back: Span | None = ADAS, note: str = "") -> Swap:
    return ask_swap(
        schedule=schedule, asker=cast.ben, asked=cast.ada, shift=shift, back=back, note=note, by=actor_of(cast.ben),
        now=NOW,
    )  # fmt: skip


def holders(schedule: Schedule) -> list[User | None]:
    plan = plan_of(schedule)
    return [plan.holder(at=NEXT + n * WEEK) for n in range(3)]


def test_until_it_is_accepted_nothing_changes_and_then_both_shifts_do(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast)
    assert holders(schedule) == [cast.ben, cast.ada, cast.ben]
    accept_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert holders(schedule) == [cast.ada, cast.ben, cast.ben]
    accept_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert Override.objects.count() == 2
    kinds = list(Entry.objects.filter(kind__startswith="swap.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["swap.asked", "swap.accepted"]


def test_a_shift_is_given_away_for_nothing(schedule: Schedule, cast: Cast) -> None:
    accept_swap(swap=ask(schedule, cast, back=None), by=actor_of(cast.ada), now=NOW)
    assert holders(schedule) == [cast.ada, cast.ada, cast.ben]


def test_a_no_leaves_nothing_and_a_later_yes_is_refused(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast)
    decline_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    with pytest.raises(Refused) as refused:
        accept_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert refused.value.sentence == "This has ended: declined."
    assert Override.objects.count() == 0


def test_who_asked_takes_it_back(schedule: Schedule, cast: Cast) -> None:
    swap = decline_swap(swap=ask(schedule, cast), by=actor_of(cast.ben), now=NOW)
    assert swap.answer == "withdrawn"
    assert Job.objects.filter(key__endswith=":declined").count() == 0


def test_too_late_is_refused_and_leaves_nothing(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast)
    with pytest.raises(Refused) as refused:
        accept_swap(swap=swap, by=actor_of(cast.ada), now=BENS.ends)
    assert refused.value.sentence == "That shift is over already."
    assert Override.objects.count() == 0
    swap.refresh_from_db()
    assert swap.answer == ""


def test_a_late_yes_takes_what_is_left_of_it(schedule: Schedule, cast: Cast) -> None:
    later = NEXT + dt.timedelta(days=2)
    accept_swap(swap=ask(schedule, cast, back=None), by=actor_of(cast.ada), now=later)
    row = Override.objects.get()
    assert (row.user, row.starts, row.ends) == (cast.ada, later, BENS.ends)


def test_a_shift_that_went_elsewhere_meanwhile_is_not_taken(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast)
    day = dt.timedelta(days=1)
    # What would come back is Ada's no more on one of its days: neither half happens.
    add_override(
        schedule=schedule, user=cast.cleo, starts=ADAS.starts + day, ends=ADAS.starts + 2 * day, by=MACHINE, now=NOW
    )
    with pytest.raises(Refused) as refused:
        accept_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert refused.value.sentence == "Ada does not hold this shift, or no longer."
    assert Override.objects.count() == 1
    assert Swap.objects.get().answer == ""


@pytest.mark.parametrize(
    ("shift", "back", "field"),
    [
        (ADAS, None, "shift"),
        (BENS, BENS, "back"),
        (Span(NEXT, NEXT), None, "shift"),
        (Span(NOW - WEEK, NOW), None, "shift"),
        (Span(NEXT, NEXT + 20 * WEEK), None, "shift"),
    ],
    ids=["not mine", "not theirs", "empty", "over", "five months"],
)
def test_what_is_not_mine_to_give_is_not_asked(
    schedule: Schedule, cast: Cast, shift: Span, back: Span | None, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(schedule, cast, shift=shift, back=back)
    assert refused.value.field == field
    assert Swap.objects.count() == 0
    assert Job.objects.filter(kind="ready.swap_word").count() == 0


def test_the_mails_go_to_the_one_and_then_to_the_other(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast, note="My sister marries.")
    asked = Job.objects.get(key=f"swap:{swap.pk}:asked")
    mail = swap_word(asked, now=NOW)
    assert isinstance(mail, Parcel)
    assert (mail.to, mail.subject) == ("ada@example.com", "Ben asks you to take a shift: Payments")
    assert "From Monday 23 November 2026, 09:00 CET until Monday 30 November 2026, 09:00 CET." in mail.text
    assert "In return Ben takes Ada's shift from Monday 30 November 2026, 09:00 CET" in mail.text
    assert "My sister marries." in mail.text
    assert mail.text.endswith(f"/oncall/swaps/{swap.pk}/\n")
    accept_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert isinstance(swap_word(asked, now=NOW), Skip)
    answer = swap_word(Job.objects.get(key=f"swap:{swap.pk}:accepted"), now=NOW)
    assert isinstance(answer, Parcel)
    assert (answer.to, answer.subject) == ("ben@example.com", "Ada takes your shift: Payments")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_story_on_pages_from_asking_to_the_new_holder(cast: Cast) -> None:
    """Ben gives Dana, who may only read, the rest of his week; Eve sees nothing of it."""
    now = clock.now()
    begun = now.date() - dt.timedelta(days=3)
    layer = Layer((cast.ben, cast.ada), dt.time(0), begun)
    schedule = set_schedule(name="Payments", zone="UTC", layers=[layer], by=MACHINE, now=now)
    ben, dana = signed_in(cast.ben), signed_in(cast.dana)
    form = ben.get(f"/oncall/{schedule.pk}/swap/").context["form"]
    key, words = form.fields["shift"].choices[0]
    assert words.startswith("from now until ")
    answer = ben.post(f"/oncall/{schedule.pk}/swap/", {"shift": key, "asked": cast.dana.pk, "note": "Please"})
    swap = Swap.objects.get()
    assert answer["Location"] == f"/oncall/swaps/{swap.pk}/"
    assert "You asked Dana, who has not answered yet" in ben.get("/oncall/").content.decode()
    assert "Ben asks you to take a shift" in dana.get("/oncall/").content.decode()
    dana.get(f"/oncall/swaps/{swap.pk}/")  # a mail scanner that follows the link answers nothing
    assert Override.objects.count() == 0
    assert signed_in(cast.eve).post(f"/oncall/swaps/{swap.pk}/", {"do": "accept"}).status_code == 404
    dana.post(f"/oncall/swaps/{swap.pk}/", {"do": "accept"})
    assert plan_of(schedule).holder(at=clock.now()) == cast.dana
    assert "Dana has accepted: the shifts are changed." in ben.get(f"/oncall/swaps/{swap.pk}/").content.decode()
    late = ben.post(f"/oncall/swaps/{swap.pk}/", {"do": "decline"}, follow=True)
    assert "This has been accepted already: ask again, the other way round." in late.content.decode()


def test_a_form_that_names_a_shift_nobody_has_is_refused(cast: Cast, schedule: Schedule) -> None:
    answer = signed_in(cast.ben).post(f"/oncall/{schedule.pk}/swap/", {"shift": "x y", "asked": cast.ada.pk})
    assert answer.status_code == 422
    assert Swap.objects.count() == 0


def test_asking_and_answering_take_a_known_number_of_statements(
    cast: Cast, schedule: Schedule, django_assert_max_num_queries: object
) -> None:
    swap = ask(schedule, cast)
    ben = signed_in(cast.ben)
    ben.get("/oncall/")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        ben.get(f"/oncall/{schedule.pk}/swap/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        ben.get(f"/oncall/swaps/{swap.pk}/")


@pytest.mark.parametrize(
    ("hours", "again"),
    [(72, 48), (30, 15), (4, 2), (1, 0.5), (0.5, None), (-2, None)],
)
def test_when_one_is_reminded(hours: float, again: float | None) -> None:
    hour = dt.timedelta(hours=1)
    wanted = None if again is None else NOW + again * hour
    assert reminds_at(asked_at=NOW, starts=NOW + hours * hour) == wanted


def test_an_unanswered_one_is_told_of_once_to_both_before_the_shift(schedule: Schedule, cast: Cast) -> None:
    swap = ask(schedule, cast)
    due = NEXT - dt.timedelta(days=1)
    jobs = {job.payload["what"]: job for job in Job.objects.filter(kind="ready.swap_word", due__gt=NOW)}
    assert {what: job.due for what, job in jobs.items()} == {"reminded": due, "unanswered": due}
    mails = {what: swap_word(job, now=due) for what, job in jobs.items()}
    told = {what: (mail.to, mail.subject) for what, mail in mails.items() if isinstance(mail, Parcel)}
    assert told == {
        "reminded": ("ada@example.com", "Ben still waits for your answer about a shift: Payments"),
        "unanswered": ("ben@example.com", "Ada has not answered: the shift stays yours: Payments"),
    }
    assert "so you are on call then" in getattr(mails["unanswered"], "text", "")
    decline_swap(swap=swap, by=actor_of(cast.ada), now=NOW)
    assert all(isinstance(swap_word(job, now=due), Skip) for job in jobs.values())
