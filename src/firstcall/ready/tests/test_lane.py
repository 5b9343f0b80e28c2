"""Who is not on call is told of what is grave enough, at once or when nobody answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.ready.commands.lane import add_lane, remove_lane
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.queries.lane import all_lanes, told_facts
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.queries.severity import rules
from firstcall.ready.queries.waking import rehearse
from firstcall.ready.rules.lane import Around, LaneFacts, condition, decide_lane, opens_at
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("lane", "severity", "is_open", "answered", "opens", "reason"),
    [
        (LaneFacts(1, 0), 1, True, False, True, "it is SEV1"),
        (LaneFacts(1, 0), 1, True, True, True, "it is SEV1"),
        (LaneFacts(1, 0), 2, True, False, False, "it is only SEV2"),
        (LaneFacts(2, 0), 1, True, False, True, "it is SEV1"),
        (LaneFacts(2, 10), 2, True, False, True, "nobody has answered for 10"),
        (LaneFacts(2, 10), 2, True, True, False, "somebody has it"),
        (LaneFacts(1, 0), 1, False, False, False, "it is over"),
        (LaneFacts(2, 0, "contract"), 1, True, True, False, "no customer with a contract is hit"),
        (LaneFacts(2, 0, "provider"), 1, True, True, False, "no provider it needs says that it is unwell"),
    ],
)
def test_what_opens(lane: LaneFacts, severity: int, is_open: bool, answered: bool, opens: bool, reason: str) -> None:
    found = decide_lane(lane, severity=severity, is_open=is_open, answered=answered)
    assert found.opens is opens
    assert plain(found.reason).startswith(reason)


def test_it_is_decided_after_its_minutes() -> None:
    assert opens_at(LaneFacts(1, 0), begins=NOW) == NOW
    assert opens_at(LaneFacts(1, 10), begins=NOW) == NOW + 10 * MINUTE


@pytest.fixture
def path(cast: Cast) -> EscalationPath:
    return set_path(name="Night", steps=[Step(cast.ben, 5)], by=MACHINE, now=NOW)


def test_the_dry_run_says_who_is_told_and_when(cast: Cast, path: EscalationPath) -> None:
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)
    customer = Customer.objects.create(name="Bakery Union", contract=True, account_owner=cast.cleo)
    customer.flows.add(flow)
    add_lane(path=path, kind="leadership", target=cast.dana, by=MACHINE, now=NOW)
    add_lane(path=path, kind="owners", target=None, severity=2, after_minutes=10, by=MACHINE, now=NOW)

    def told(severity: int) -> list[tuple[str, list[str], dt.datetime]]:
        run = rehearse(flow, severity, now=NOW)
        return [(one.kind, [reached.user.name for reached in one.people], one.at) for one in run.told]

    assert told(1) == [("leadership", ["Dana"], NOW), ("owners", ["Cleo"], NOW + 10 * MINUTE)]
    assert told(2) == [("owners", ["Cleo"], NOW + 10 * MINUTE)]
    assert told(3) == []


def test_what_makes_no_sense_is_refused(cast: Cast, path: EscalationPath) -> None:
    for said, sentence in (
        ({"kind": "king", "target": cast.dana}, "Choose who is told."),
        ({"kind": "support", "target": None}, "Choose a person or a schedule."),
        ({"kind": "other", "target": cast.dana, "severity": 5}, "Choose SEV1, SEV2, SEV3 or SEV4."),
        ({"kind": "other", "target": cast.dana, "after_minutes": 241}, "Wait from 0 to 240 minutes."),
    ):
        with pytest.raises(Refused) as refused:
            add_lane(path=path, by=MACHINE, now=NOW, **said)
        assert refused.value.sentence == sentence
    assert Lane.objects.count() == 0
    lane = add_lane(path=path, kind="support", target=cast.cleo, by=MACHINE, now=NOW)
    EscalationPath.objects.update(origin="flows.yaml")
    lane.refresh_from_db()
    with pytest.raises(Refused, match=r"flows\.yaml"):
        remove_lane(lane=Lane.objects.select_related("path").get(), by=MACHINE, now=NOW)
    assert Lane.objects.count() == 1


def test_a_lane_is_added_and_removed_on_the_path_page(client: Client, cast: Cast, path: EscalationPath) -> None:
    client.force_login(cast.ada)
    url = f"/oncall/paths/{path.pk}/"
    form = {"kind": "leadership", "target": "", "severity": "1", "after_minutes": "0", "when": "always"}
    answer = client.post(f"{url}lanes/new/", form)
    assert answer.status_code == 422
    assert "Choose a person or a schedule." in answer.content.decode()
    assert client.post(f"{url}lanes/new/", form | {"target": f"user:{cast.dana.pk}"}).status_code == 302
    page = client.get(f"{url}?severity=1").content.decode()
    assert "At once, for SEV1" in page
    assert page.count("<strong>Dana</strong>") == 2
    lane = Lane.objects.get()
    client.force_login(cast.eve)
    assert client.post(f"/oncall/lanes/{lane.pk}/remove/").status_code == 403
    client.force_login(cast.ada)
    assert client.post(f"/oncall/lanes/{lane.pk}/remove/").status_code == 302
    assert Lane.objects.count() == 0


def test_lanes_that_reach_nobody_are_holes(cast: Cast, path: EscalationPath) -> None:
    empty = Schedule.objects.create(name="Desk", zone="UTC")
    add_lane(path=path, kind="leadership", target=cast.dana, by=MACHINE, now=NOW)
    add_lane(path=path, kind="support", target=empty, by=MACHINE, now=NOW)
    add_lane(path=path, kind="owners", target=None, by=MACHINE, now=NOW)
    add_lane(path=path, kind="other", target=cast.eve, by=MACHINE, now=NOW)
    add_lane(path=path, kind="other", target=cast.ben, by=MACHINE, now=NOW)
    cast.eve.is_active = False
    cast.eve.save()
    bare = set_path(name="Day", steps=[Step(cast.ada, 5)], by=MACHINE, now=NOW)

    def wrong(*, owned: bool = False) -> list[tuple[str, str, str]]:
        found = told_facts(
            all_lanes(), paths=[path, bare], plans=all_plans(), verified=frozenset({cast.ben.pk}),
            owned=owned, table=rules(),
        )  # fmt: skip
        return [(one.name, one.who, one.wrong) for one in found]

    assert wrong() == [
        ("Night", "Dana", "unverified"), ("Night", "Desk", "hollow"), ("Night", "", "owners"),
        ("Night", "Eve", "left"), ("Night", "Ben", ""), ("Day", "", "missing"),
    ]  # fmt: skip
    assert wrong(owned=True)[2] == ("Night", "", "")


NEAR = Around("Bakery Union", ("CardGate", "Paylane"))


@pytest.mark.parametrize(
    ("lane", "answered", "opens", "reason"),
    [
        (LaneFacts(2, 0, "contract"), True, True, "Bakery Union, who has a contract, is hit"),
        (LaneFacts(2, 5, "contract"), True, False, "somebody has it"),
        (LaneFacts(2, 5, "contract"), False, True, "Bakery Union, who has a contract, is hit"),
        (LaneFacts(2, 0, "provider"), True, True, "CardGate, Paylane says that it is unwell"),
    ],
)
def test_what_is_around_opens_lanes(lane: LaneFacts, answered: bool, opens: bool, reason: str) -> None:
    found = decide_lane(lane, severity=2, is_open=True, answered=answered, around=NEAR)
    assert (found.opens, plain(found.reason)) == (opens, reason)
    assert not decide_lane(lane, severity=3, is_open=True, answered=False, around=NEAR).opens


@pytest.mark.parametrize(
    ("lane", "sentence"),
    [
        (LaneFacts(1, 0, "contract"), "As soon as a customer with a contract is hit, for SEV1"),
        (LaneFacts(2, 1, "provider"),
         "If a provider says that it is unwell and nobody answers within 1 minute, for SEV2 or graver"),
    ],
)  # fmt: skip
def test_the_condition_in_words(lane: LaneFacts, sentence: str) -> None:
    assert plain(condition(lane)) == sentence


def test_when_is_one_of_three(cast: Cast, path: EscalationPath) -> None:
    with pytest.raises(Refused) as refused:
        add_lane(path=path, kind="leadership", target=cast.dana, when="often", by=MACHINE, now=NOW)
    assert (refused.value.field, Lane.objects.count()) == ("when", 0)
