"""Prepared first steps in an incident: found, ticked into the timeline, taken back, and refused when it is over."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import strip_tags

from firstcall.detect.models.group import AlertGroup
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.provider import Provider
from firstcall.respond.commands.first_step import tick_first_step, untick_first_step
from firstcall.respond.commands.incident import change_state, restrict_incident
from firstcall.respond.commands.page import token_of
from firstcall.respond.models.first_step import FirstStepTick
from firstcall.respond.models.page import Page
from firstcall.respond.queries.first_step import Step, few, first_steps_of, ticks_of
from tests.friday import MINUTE, NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
READ = "Read the last 20 errors."
OPENED = 16  # minutes before NOW


def payments(friday: Friday) -> str:
    assert friday.group.component is not None
    return f"component:{friday.group.component.pk}"


def said() -> list[tuple[str, str, dict[str, object]]]:
    rows = Entry.objects.filter(kind__startswith="first_step.").order_by("id")
    return [(row.kind, row.by_name, row.facts.data) for row in rows]


def test_what_fires_comes_first_then_the_flow_then_what_it_needs(friday: Friday) -> None:
    friday.flow.first_steps = "Buy something yourself.\n\n  Ring   support. \nRing support."
    friday.flow.save()
    friday.incident.flow = friday.flow
    soft = Component.objects.create(slug="basket", name="Basket", first_steps_link="https://runbook.example/basket")
    bank = Provider.objects.create(slug="bank", name="Acquirer", first_steps="Ring their desk.")
    silent = Component.objects.create(slug="search", name="Search")
    for part in (soft, silent, friday.group.component):
        Dependency.objects.create(flow=friday.flow, component=part, hard=part is silent)
    Dependency.objects.create(flow=friday.flow, provider=bank, hard=True)
    found = first_steps_of(friday.incident, viewer=friday.cast.ada)
    assert [one.name for one in found] == ["Payments service", "Checkout", "Acquirer", "Basket"]
    assert [one.text for one in found[1].lines] == ["Buy something yourself.", "Ring support."]
    assert (found[3].lines, found[3].link) == ((), "https://runbook.example/basket")


def test_a_page_that_wakes_has_seven_lines_at_most_and_no_half_part(friday: Friday) -> None:
    friday.flow.first_steps = "\n".join(f"Line {n}." for n in range(7))
    friday.flow.save()
    friday.incident.flow = friday.flow
    bank = Provider.objects.create(slug="bank", name="Acquirer", first_steps="Ring their desk.\nSwitch.")
    Dependency.objects.create(flow=friday.flow, provider=bank)
    found = first_steps_of(friday.incident, viewer=friday.cast.ada)
    assert [one.name for one in few(found)] == ["Payments service", "Acquirer"]


def test_three_statements_however_much_is_prepared(friday: Friday, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(30):
        part = Component.objects.create(slug=f"part-{n}", name=f"Part {n}", first_steps="Look.")
        Dependency.objects.create(flow=friday.flow, component=part)
        tick_first_step(
            incident=friday.incident, part=f"component:{part.pk}", step="Look.", by=actor_of(friday.cast.ben), now=NOW
        )
    friday.incident.refresh_from_db()
    assert friday.incident.flow is not None  # read before
    with django_assert_num_queries(3):
        assert len(first_steps_of(friday.incident, viewer=friday.cast.ada)) == 31


def test_a_tick_is_on_the_timeline_with_how_long_after_opening(friday: Friday) -> None:
    part, ben = payments(friday), friday.cast.ben
    for minutes in (1, 4):
        tick_first_step(incident=friday.incident, part=part, step=READ, by=actor_of(ben), now=NOW + minutes * MINUTE)
    assert said() == [
        ("first_step.ticked", "Ben", {"step": READ, "name": "Payments service", "minutes": OPENED + 1})
    ]  # fmt: skip
    (steps,) = first_steps_of(friday.incident, viewer=friday.cast.ada)
    assert steps.lines == (Step(READ, NOW + MINUTE, "Ben", OPENED + 1),)
    assert [(one.step, one.ticked_by) for one in ticks_of(friday.incident, viewer=friday.cast.ada)] == [(READ, ben)]


def test_a_tick_by_mistake_is_corrected_and_the_timeline_keeps_both(friday: Friday) -> None:
    part, by = payments(friday), actor_of(friday.cast.ben)
    tick_first_step(incident=friday.incident, part=part, step=READ, by=by, now=NOW)
    for _twice in range(2):
        untick_first_step(incident=friday.incident, part=part, step=READ, by=by, now=NOW + MINUTE)
    assert [kind for kind, _by, _facts in said()] == ["first_step.ticked", "first_step.unticked"]
    assert ticks_of(friday.incident, viewer=friday.cast.ada) == []


@pytest.mark.parametrize(("part", "step"), [("", READ), ("component:0", READ), ("flow:x", READ), ("own", "Read on.")])
def test_a_step_that_is_not_there_is_refused_and_nothing_is_told(friday: Friday, part: str, step: str) -> None:
    part = payments(friday) if part == "own" else part
    with pytest.raises(Refused) as no:
        tick_first_step(incident=friday.incident, part=part, step=step, by=actor_of(friday.cast.ben), now=NOW)
    assert (no.value.field, no.value.sentence) == (
        "step", "This step reads otherwise by now. Look at the list again.",
    )  # fmt: skip
    assert (said(), FirstStepTick.objects.count()) == ([], 0)


def test_what_is_over_stays_as_it_was_left(friday: Friday) -> None:
    part, by = payments(friday), actor_of(friday.cast.ben)
    tick_first_step(incident=friday.incident, part=part, step=READ, by=by, now=NOW)
    AlertGroup.objects.update(closed_at=NOW)
    change_state(incident=friday.incident, state="resolved", by=actor_of(friday.cast.ada), now=NOW)
    for act in (tick_first_step, untick_first_step):
        with pytest.raises(Refused) as no:
            act(incident=friday.incident, part=part, step=READ, by=by, now=NOW)
        assert no.value.sentence == "This incident is over: its first steps stay as they were left."
    assert (len(said()), FirstStepTick.objects.count()) == (1, 1)


def test_who_may_not_see_the_incident_sees_no_ticks(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    tick_first_step(incident=friday.incident, part=payments(friday), step=READ, by=by, now=NOW)
    restrict_incident(incident=friday.incident, restricted=True, named=[friday.cast.ada], by=by, now=NOW)
    assert ticks_of(friday.incident, viewer=friday.cast.dana) == []
    assert len(ticks_of(friday.incident, viewer=friday.cast.ada)) == 1


def test_ada_ticks_in_the_room_and_takes_it_back(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    room = f"/incidents/{friday.incident.pk}/"
    sent = {"part": payments(friday), "step": READ}
    answer = client.post(f"{room}first-steps/", sent | {"answer": "tick"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{room}#region-steps")
    text = client.get(room, {"region": "steps"}).content.decode()
    assert f"Ada, {OPENED} min in" in text and f'aria-label="Not done after all: {READ}"' in text
    told = " ".join(strip_tags(client.get(room).content.decode()).split())
    assert f"did a first step of Payments service, {OPENED} min in: {READ}" in told
    client.post(f"{room}first-steps/", sent | {"answer": "untick"})
    text = client.get(room, {"region": "steps"}).content.decode()
    assert f'aria-label="Done: {READ}"' in text and "min in" not in text
    refused = client.post(f"{room}first-steps/", sent | {"step": "Dance."}, follow=True)
    assert "This step reads otherwise by now." in refused.content.decode()
    assert client.get(f"{room}first-steps/").status_code == 405


def test_who_only_reads_ticks_nothing(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.eve)
    sent = {"part": payments(friday), "step": READ, "answer": "tick"}
    assert client.post(f"/incidents/{friday.incident.pk}/first-steps/", sent).status_code == 403
    assert FirstStepTick.objects.count() == 0


def test_ben_ticks_on_the_page_that_woke_him(client: Client, friday: Friday) -> None:
    link = f"/p/{token_of(Page.objects.get())}/"
    sent = {"part": payments(friday), "step": READ}
    assert f'aria-label="Done: {READ}"' in client.get(link).content.decode()
    assert client.post(link, sent | {"answer": "tick"}).status_code == 302
    assert said()[0][:2] == ("first_step.ticked", "Ben")
    assert FirstStepTick.objects.get().ticked_by == friday.cast.ben
    assert f"Ben, {OPENED} min in" in client.get(link).content.decode()
    client.post(link, sent | {"answer": "untick"})
    assert FirstStepTick.objects.count() == 0


def test_the_link_of_who_has_not_taken_it_ticks_nothing(client: Client, friday: Friday) -> None:
    Page.objects.update(answer="")
    friday.incident.escalations.update(state="running")
    answer = client.post(
        f"/p/{token_of(Page.objects.get())}/", {"part": payments(friday), "step": READ, "answer": "tick"}
    )
    assert answer.status_code == 422
    assert "Take it first: then you can tick what you did." in answer.content.decode()
    assert FirstStepTick.objects.count() == 0


def test_the_link_of_a_restricted_incident_ticks_nothing(client: Client, friday: Friday) -> None:
    restrict_incident(
        incident=friday.incident, restricted=True, named=[friday.cast.ada], by=actor_of(friday.cast.ada), now=NOW
    )
    link = f"/p/{token_of(Page.objects.get())}/"
    answer = client.post(link, {"part": payments(friday), "step": READ, "answer": "tick"})
    assert (answer.status_code, READ in answer.content.decode()) == (422, False)
    assert FirstStepTick.objects.count() == 0


def test_the_alert_page_shows_them(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    assert READ in client.get(f"/alerts/{AlertGroup.objects.get().pk}/").content.decode()
