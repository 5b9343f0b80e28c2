"""The sample company says of itself that it is one, and goes away whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.test import Client

from firstcall.desk.evening import Evening
from firstcall.desk.sample import load_company, remove_company
from firstcall.detect.models.source import Source
from firstcall.inform.models.status_page import StatusPage
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.learn.queries.evidence import cases
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_dependency
from firstcall.ready.commands.flow import register_flow
from firstcall.ready.models.change import Change, ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Contact
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Rotation
from firstcall.ready.queries.sample import SAMPLES
from firstcall.respond.models.incident import Incident
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 2, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def marked() -> dict[str, int]:
    """How many rows of each table call themselves sample."""
    tables = [one for one in apps.get_models() if any(field.name == "sample" for field in one._meta.fields)]
    return {one.__name__: one._default_manager.filter(sample=True).count() for one in tables}


def play(*, until: str = "") -> Evening:
    evening, now = Evening(now=NOW), NOW
    for scene in evening.scenes():
        now += MINUTE
        scene.happen(now)
        if scene.happen.__name__ == until:
            break
    return evening


def test_every_table_that_holds_samples_is_taken_away() -> None:
    by_ready = {model.__name__ for model, _label in SAMPLES}
    assert set(marked()) == by_ready | {"StatusPage", "User"}


def test_the_first_page_says_so_and_the_way_out_is_one_tap(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert "sample company" not in client.get("/").content.decode()
    load_company(by=actor_of(cast.ada), now=NOW, people=[cast.ada, cast.ben])
    client.force_login(cast.ben)
    page = client.get("/").content.decode()
    assert ("This is the sample company Tillhouse: what stands here is made up." in page, "/sample/" in page) == (
        True, False,
    )  # fmt: skip
    assert client.get("/sample/").status_code == 403
    client.force_login(cast.ada)
    for place in ("/", "/profile/", "/people/"):
        assert 'href="/sample/"' in client.get(place).content.decode(), place


def test_it_uses_all_of_what_can_be_prepared(cast: Cast) -> None:
    load_company(by=actor_of(cast.ada), now=NOW, people=[cast.ada, cast.ben])
    tables = (Team, Duty, Acceptance, Lane, ReleaseWindow, Change, Contact, Drill, Dependency, Rotation)
    assert {one.__name__ for one in tables if not one._default_manager.exists()} == set()
    assert not Acceptance.objects.filter(user__sample=False, accepted_at__isnull=False).exists()
    remove_company(by=actor_of(cast.ada), now=NOW)
    assert {one.__name__ for one in tables if one._default_manager.exists()} == set()


def test_the_page_says_what_goes_and_what_stays(client: Client, cast: Cast) -> None:
    by = actor_of(cast.ada)
    play()
    own = register_flow(
        name="Gift cards", criticality="minor", path=EscalationPath.objects.get(sample=True), by=by, now=NOW
    )
    add_dependency(needs=own, needed=Component.objects.get(slug="ledger"), by=by, now=NOW)
    client.force_login(cast.ada)
    page = client.get("/sample/").content.decode()
    for words in (
        "Flows (5)", "Checkout, Payouts, Refunds, Reports, Sign in", "Third parties (2)", "Customers (9)",
        "Status pages (1)", "their accounts are closed (3)", "Ben, Cleo, Dana",
        "Gift cards loses Payments, day and night", "Gift cards loses Ledger", "One incident that was played.",
    ):  # fmt: skip
        assert words in page, words


def test_it_goes_whole_and_what_was_played_counts_in_nothing(client: Client, cast: Cast) -> None:
    room = play().room()
    assert marked()["User"] == 3
    assert len(cases(viewer=cast.ada, now=NOW + MINUTE)) == 1
    client.force_login(cast.ada)
    with clock.read_from(lambda: NOW + 60 * MINUTE):
        answer = client.post("/sample/", {"do": "remove"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "The sample company is gone." in answer.content.decode()
    assert {name: n for name, n in marked().items() if n} == {"User": 3}
    assert not User.objects.filter(sample=True, is_active=True).exists()
    assert User.objects.filter(is_active=True).count() == 5
    assert not Source.objects.filter(ended_at=None).exists()
    room.refresh_from_db()
    assert (room.practice, room.flow, room.state) == (True, None, "resolved")
    assert cases(viewer=cast.ada, now=NOW + MINUTE) == []
    said = Entry.objects.filter(incident=room.pk, kind="incident.played")
    assert said.count() == 1
    assert "Tillhouse" not in client.get("/").content.decode()


def test_while_something_played_is_open_nothing_goes(client: Client, cast: Cast) -> None:
    room = play(until="first_word").room()
    before = marked()
    with pytest.raises(Refused, match=rf"{room.reference} is still open in the sample company: resolve it first\."):
        remove_company(by=actor_of(cast.ada), now=NOW)
    client.force_login(cast.ada)
    page = client.post("/sample/", {"do": "remove"}, follow=True).content.decode()
    assert "is still open in the sample company" in page
    assert f'<a href="/incidents/{room.pk}/">' in page
    assert (marked(), Source.objects.filter(ended_at=None).count()) == (before, 1)
    assert not Incident.objects.filter(practice=True).exists()


def test_it_comes_back_with_the_same_people(cast: Cast) -> None:
    play()
    remove_company(by=actor_of(cast.ada), now=NOW)
    play()
    assert User.objects.filter(sample=True, is_active=True).count() == 3
    assert (User.objects.filter(sample=True).count(), Flow.objects.count(), StatusPage.objects.count()) == (3, 5, 1)
