"""Moving in from first to last: read, looked at, made once, compared; and what is refused leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_httpserver import HTTPServer

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.invitation import Invitation
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.moving import begin_from_file, begin_move, mark_of, move_in
from firstcall.ready.commands.schedule import Layer, layers_of, set_schedule
from firstcall.ready.handlers.moving import ask_on
from firstcall.ready.models.component import Component
from firstcall.ready.models.moving import Move, Moved
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Calendar, Override, Schedule
from firstcall.ready.queries.moving import preview, side_by_side
from firstcall.ready.tests.others import NOW, WHOLE, Fake, oc_schedule, pd_layer, pd_policy, pd_schedule, whole
from tests.cast import make_person

pytestmark = pytest.mark.django_db
SYSTEMS = sorted(WHOLE)
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


@pytest.fixture
def ada() -> Iterator[User]:
    with clock.read_from(lambda: NOW):
        yield make_person("Ada", Access.ADMIN)


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def read(system: str, ada: User, body: dict[str, Any] | None = None, *, now: dt.datetime = NOW) -> Move:
    text = json.dumps(body or whole(system)).encode()
    return begin_from_file(system=system, body=text, by=actor_of(ada), now=now)


def moved(move: Move, ada: User, *, now: dt.datetime = NOW) -> Move:
    return move_in(move=move, seen=mark_of(preview(move, now=now)), by=actor_of(ada), now=now)


def counts() -> dict[str, int]:
    models = (User, ContactMethod, Schedule, Override, EscalationPath, Component, Moved)
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_made_as_the_preview_said_and_only_once(system: str, ada: User) -> None:
    move = read(system, ada)
    said = [(one.noun, one.name, one.what) for one in preview(move, now=NOW)]
    done = moved(move, ada)
    assert [(row["noun"], row["name"], row["what"]) for row in done.report] == said
    after = counts()
    assert after["User"] == 3
    (schedule,) = Schedule.objects.all()
    (layer,) = layers_of(schedule)
    assert ([user.name for user in layer.members], layer.handover, layer.length_days) == (["Ada", "Ben"], dt.time(9), 7)
    assert (schedule.zone, schedule.origin, layer.zone) == ("Europe/Berlin", "", "")
    assert [step.wait_minutes for step in EscalationPath.objects.get().steps.all()][:2] == [10, 15]
    assert Override.objects.get().user.name == "Cleo"
    again = moved(read(system, ada, now=NOW + DAY), ada, now=NOW + DAY)
    assert {row["what"] for row in again.report} <= {"skipped", "failed"}
    assert counts() == after


@pytest.mark.parametrize("system", SYSTEMS)
def test_nobody_is_woken_mailed_or_invited(system: str, ada: User) -> None:
    moved(read(system, ada), ada)
    assert (Job.objects.count(), Invitation.objects.count()) == (0, 0)
    assert not User.objects.get(name="Ben").has_usable_password()
    assert ContactMethod.objects.filter(verified_at__isnull=False).count() == 0
    assert ContactMethod.objects.exclude(code_digest="").count() == 0
    assert User.objects.filter(access=Access.ADMIN).get() == ada


@pytest.mark.parametrize("system", SYSTEMS)
def test_both_say_the_same_until_one_of_them_changes(system: str, ada: User) -> None:
    move = read(system, ada)
    (side,), until = side_by_side(move, now=NOW)
    assert (side.schedule, until) == (None, NOW + 14 * DAY)
    moved(move, ada)
    (side,), _until = side_by_side(Move.objects.get(), now=NOW)
    assert (side.schedule, side.told, side.spells) == (Schedule.objects.get(), True, ())
    Override.objects.all().delete()
    ((spell,),) = [side.spells for side in side_by_side(Move.objects.get(), now=NOW)[0]]
    cover = (dt.datetime(2026, 11, 25, 18, tzinfo=dt.UTC), dt.datetime(2026, 11, 26, 6, tzinfo=dt.UTC))
    assert (spell.starts, spell.ends, spell.old, spell.new) == (*cover, ("Cleo",), "Ben")


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_asked_patiently_and_the_key_is_forgotten(
    system: str, ada: User, httpserver: HTTPServer, settings: Any
) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    fake = Fake(httpserver, system)
    move = begin_move(system=system, address=f"{fake.url}/", key=" reader ", by=actor_of(ada), now=NOW)
    assert "reader" not in repr(Move.objects.values())
    ask_on(now=NOW)
    move.refresh_from_db()
    assert (move.state, move.due) == ("reading", NOW + 7 * SECOND)
    assert move.word == "It asks us to wait."
    assert ask_on(now=NOW + 6 * SECOND) == 0
    assert len(fake.asked) == 3
    ask_on(now=NOW + 7 * SECOND)
    move.refresh_from_db()
    assert (move.state, move.key, move.answers, move.word) == ("read", "", "", "")
    asked = [path for path in fake.asked if fake.asked.count(path) > 1]
    assert asked == [fake.asked[2]] * 2  # only what was refused is asked again
    moved(move, ada)
    assert [side.spells for side in side_by_side(Move.objects.get(), now=NOW)[0]] == [()]


def test_a_next_page_elsewhere_is_asked_at_the_address_that_was_given(
    ada: User, httpserver: HTTPServer, settings: Any
) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    fake = Fake(httpserver, "oncall")
    fake.busy, fake.base = 0, "http://169.254.169.254"
    begin_move(system="oncall", address=fake.url, key="reader", by=actor_of(ada), now=NOW)
    ask_on(now=NOW)
    assert Move.objects.get().state == "read"
    assert any("page=2" in path for path in fake.asked)


@pytest.mark.parametrize(
    ("key", "refuses", "word"),
    [
        ("wrong", "", "It refused the key (401). Give one that may read everything."),
        ("reader", "/schedules", "It refused the key (403). Give one that may read everything."),
    ],
)
def test_what_is_refused_to_us_ends_the_reading(
    key: str, refuses: str, word: str, ada: User, httpserver: HTTPServer, settings: Any
) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    fake = Fake(httpserver, "opsgenie")
    fake.busy, fake.refuses = 0, refuses
    begin_move(system="opsgenie", address=fake.url, key=key, by=actor_of(ada), now=NOW)
    ask_on(now=NOW)
    move = Move.objects.get()
    assert (move.state, move.word, move.key, move.taken) == ("failed", word, "", "")


def test_what_a_plan_does_not_have_is_left_out_and_said(ada: User, httpserver: HTTPServer, settings: Any) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    fake = Fake(httpserver, "opsgenie")
    fake.busy, fake.refuses = 0, "/services"
    begin_move(system="opsgenie", address=fake.url, key="reader", by=actor_of(ada), now=NOW)
    ask_on(now=NOW)
    client = Client()
    client.force_login(ada)
    page = client.get(f"/oncall/moving/{Move.objects.get().pk}/").content.decode()
    assert "It did not show us: services." in page


def test_an_address_inside_is_not_asked(ada: User) -> None:
    begin_move(system="oncall", address="http://127.0.0.1:9999", key="reader", by=actor_of(ada), now=NOW)
    ask_on(now=NOW)
    move = Move.objects.get()
    assert (move.state, move.key) == ("failed", "")
    assert "127.0.0.1 is private" in move.word


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"system": "elsewhere"}, "system"), ({"key": " "}, "key"), ({"key": "a\nb"}, "key"), ({"key": "ä"}, "key"),
        ({"address": "ftp://example.com"}, "address"), ({"address": "http://oncall.example.com"}, "address"),
        ({"address": "https://example.com/?a=b"}, "address"), ({"address": "https://me:pw@example.com"}, "address"),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_refused(said: dict[str, str], field: str, ada: User) -> None:
    given = {"system": "oncall", "address": "https://oncall.example.com", "key": "reader", **said}
    with pytest.raises(Refused) as refused:
        begin_move(**given, by=actor_of(ada), now=NOW)
    assert refused.value.field == field
    assert (Move.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_change_since_the_preview_makes_nothing(ada: User) -> None:
    move = read("pagerduty", ada)
    seen = mark_of(preview(move, now=NOW))
    layer = Layer((ada,), dt.time(9), NOW.date())
    set_schedule(name="Primary", zone="UTC", layers=[layer], by=actor_of(ada), now=NOW)
    before, entries = counts(), Entry.objects.count()
    with pytest.raises(Refused, match="Something has changed since you looked"):
        move_in(move=move, seen=seen, by=actor_of(ada), now=NOW)
    assert (counts(), Entry.objects.count(), Move.objects.get().state) == (before, entries, "read")


def test_a_failure_in_the_middle_makes_nothing(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    move = read("pagerduty", ada)
    Component.objects.create(name="Part", slug="part")
    before = counts()
    # Another part of that address comes in between: the store itself refuses the second one.
    monkeypatch.setattr("firstcall.ready.commands.moving_row.free_slugs", lambda *_what: ["part"])
    with pytest.raises(Refused, match="Nothing was moved: the store refused it"):
        moved(move, ada)
    assert (counts(), Move.objects.get().state) == (before, "read")


def test_what_differs_alike_is_summed_up_before_it_is_listed(client: Client, ada: User) -> None:
    move = moved(read("pagerduty", ada), ada)
    ours = Layer((ada,), dt.time(9), dt.date(2026, 11, 2), length_days=1)
    row = Schedule.objects.get()
    set_schedule(schedule=row, name="Primary", zone="Europe/Berlin", layers=[ours], by=actor_of(ada), now=NOW)
    (side,), _until = side_by_side(Move.objects.get(), now=NOW)
    assert side.pairs == [("Ben", "Ada", 2)]
    page = client.get(f"/oncall/moving/{move.pk}/compare/").content.decode()
    assert "PagerDuty says Ben, Firstcall says Ada: 2 times" in page


def large(n: int) -> dict[str, Any]:
    """A company of `n` of everything."""
    one = whole("pagerduty")
    users = [
        {**row, "id": f"{row['id']}{k}", "name": f"{row['name']} {k}", "email": f"{k}{row['email']}"}
        for row in one["users"]
        for k in range(n)
    ]
    layer = pd_layer("PAda0", "PBen0")
    return {
        "users": users,
        "schedules": [
            pd_schedule(
                layer, id=f"S{k}", name=f"Primary {k}",
                overrides=[{**one["schedules"][0]["overrides"][0], "id": f"O{k}", "user": {"id": "PCleo0"}}],
            )
            for k in range(n)
        ],
        "escalation_policies": [
            pd_policy((5, [("schedule", f"S{k}")]), id=f"E{k}", name=f"Path {k}") for k in range(n)
        ],
        "services": [{"id": f"V{k}", "name": "Part" if k else "Parts"} for k in range(min(n, 2))],
    }  # fmt: skip


def test_a_larger_company_takes_no_more_statements(ada: User) -> None:
    """While it is made nobody else writes: what waits then is a page for somebody."""
    asked = []
    for n in (2, 30):
        move = read("pagerduty", ada, large(n))
        seen = mark_of(preview(move, now=NOW))
        with CaptureQueriesContext(connection) as found:
            move_in(move=move, seen=seen, by=actor_of(ada), now=NOW)
        with CaptureQueriesContext(connection) as compared:
            side_by_side(Move.objects.get(state="done", pk=move.pk), now=NOW)
        asked.append((len(found), len(compared)))
    assert (User.objects.count(), Schedule.objects.count(), Override.objects.count()) == (91, 30, 30)
    few, many = asked
    assert many[0] <= few[0] + 2  # what the first has made is read with its layers
    assert (many[1], few[0] < 50) == (few[1], True)


def test_what_was_removed_here_can_move_in_again(ada: User) -> None:
    moved(read("oncall", ada), ada)
    EscalationPath.objects.all().delete()
    Schedule.objects.all().delete()
    again = moved(read("oncall", ada), ada)
    assert [(row["noun"], row["what"]) for row in again.report if row["noun"] in ("schedule", "path")] == [
        ("schedule", "made"), ("path", "made"),
    ]  # fmt: skip
    assert Moved.objects.get(noun="schedule").number == Schedule.objects.get().pk


def test_a_calendar_of_theirs_is_followed_from_the_next_hour_on(ada: User) -> None:
    row = oc_schedule(type="ical", shifts=None, ical_url_primary="https://cal.example.com/a.ics")
    moved(read("oncall", ada, {**whole("oncall"), "schedules": [row]}), ada)
    calendar = Calendar.objects.get()
    assert (calendar.url, calendar.schedule.name) == ("https://cal.example.com/a.ics", "Primary")
    (side,), _until = side_by_side(Move.objects.get(), now=NOW)
    assert side.waiting == ("Primary",)


def test_somebody_here_gets_the_number_and_address_that_are_missing(ada: User) -> None:
    moved(read("pagerduty", ada), ada)
    ada.refresh_from_db()
    assert (ada.phone, ada.has_usable_password()) == ("+49305550000", True)
    assert [method.address for method in ada.contact_methods.all()] == ["ada@example.com"]
    assert Entry.objects.get(kind="people.ways_noted").facts.data["names"] == "Ada"
    ben = User.objects.get(name="Ben")
    assert (ben.phone, ben.access, ben.zone) == ("+49305550100", "responder", "Europe/Berlin")


def test_a_month_later_what_was_read_is_forgotten(ada: User) -> None:
    moved(read("pagerduty", ada), ada)
    read("opsgenie", ada)
    ask_on(now=NOW + 31 * DAY)
    (left,) = Move.objects.all()
    assert (left.system, left.state, left.taken) == ("pagerduty", "done", "")
    assert len(left.report) > 5


def test_the_pages_lead_from_the_choice_to_the_comparison(client: Client) -> None:
    file = SimpleUploadedFile("all.json", json.dumps(whole("pagerduty")).encode())
    assert client.get("/oncall/moving/").status_code == 200
    answer = client.post("/oncall/moving/", {"system": "pagerduty", "file": file})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "12 things would be made." in page
    assert "Firstcall can’t reach people by push" in page
    mark = page.partition('name="seen" value="')[2].partition('"')[0]
    done = client.post(answer.headers["Location"], {"do": "move", "seen": mark}, follow=True).content.decode()
    assert "Moved in. Nobody was woken, mailed or invited." in done
    assert "12 things were made." in done
    compared = client.get(f"{answer.headers['Location']}compare/").content.decode()
    assert "Both say the same." in compared
    Override.objects.all().delete()
    assert "They differ once." in client.get(f"{answer.headers['Location']}compare/").content.decode()
    assert Entry.objects.get(kind="move.done").facts.data["made"] == 12


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"key": "reader"}, "Fill this in."),
        ({"system": "oncall", "key": "reader"}, "Give the address of its API"),
        ({"system": "pagerduty"}, "Give a key that may read everything."),
        ({"system": "pagerduty", "file": b"no"}, "This is no JSON file."),
    ],
)
def test_a_choice_that_lacks_something_is_said_at_its_field(said: dict[str, Any], words: str, client: Client) -> None:
    if "file" in said:
        said = {**said, "file": SimpleUploadedFile("all.json", said["file"])}
    answer = client.post("/oncall/moving/", said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Move.objects.count() == 0


def test_what_was_read_can_be_forgotten_but_not_what_was_made(client: Client, ada: User) -> None:
    move = read("pagerduty", ada)
    client.post(f"/oncall/moving/{move.pk}/", {"do": "drop"})
    assert (Move.objects.count(), User.objects.count()) == (0, 1)
    done = moved(read("pagerduty", ada), ada)
    answer = client.post(f"/oncall/moving/{done.pk}/", {"do": "drop"}, follow=True).content.decode()
    assert "That has moved in already." in answer
    assert Move.objects.count() == 1
