"""What becomes of each thing that moves in: made, left as it is, or not possible, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.kernel.say import plain, say
from firstcall.ready.rules.moving import Here, Line, Standing, decide_moves, steps_mark
from firstcall.ready.rules.taken import Call, Cover, Person, Policy, Rota, Service, Taken, Way
from firstcall.ready.rules.turns import Turns, mark_of, settled

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ADA = Person("A", "Ada", "ada@example.com", ways=(Way("mail", "ada@example.com"), Way("phone", "+49305550000")))
BEN = Person("B", "Ben", "ben@example.com")
WEEKS = Turns(("A", "B"), dt.time(9), dt.date(2026, 11, 2), "Europe/Berlin", name="Weeks")
ROTA = Rota("S", "Primary", "Europe/Berlin", (WEEKS,), (Cover("O", "B", NOW, NOW + DAY),))
POLICY = Policy("E", "Payments", (Call("schedule", "S", 5), Call("person", "A", 10)))
SERVICE = Service("V", "Checkout", "Payments")


def taken(**more: Any) -> Taken:
    whole = {"people": (ADA, BEN), "rotas": (ROTA,), "policies": (POLICY,), "services": (SERVICE,)}
    return Taken(**{**whole, **more}, shifts=(), since=NOW, until=NOW + 14 * DAY)


def told(lines: tuple[Line, ...]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.noun, one.name): (one.what, plain(one.why)) for one in lines}


def test_all_of_it_is_made_in_the_order_in_which_it_is_needed() -> None:
    lines = decide_moves(taken(), Here(), now=NOW)
    assert [(one.noun, one.name, one.what) for one in lines] == [
        ("person", "Ada", "made"), ("person", "Ben", "made"), ("way", "Ada, ada@example.com", "made"),
        ("way", "Ada, +49305550000", "made"), ("schedule", "Primary", "made"), ("override", "Primary, Ben", "made"),
        ("path", "Payments", "made"), ("component", "Checkout", "made"),
    ]  # fmt: skip
    assert told(lines)["component", "Checkout"][1] == "as a part of ours; its path ‘Payments’ has to be given to a flow"
    assert told(lines)["schedule", "Primary"][1] == "1 layer, by the clock of Europe/Berlin"


def test_who_has_an_account_is_known_by_the_mail_address_and_gets_what_is_missing() -> None:
    here = Here(
        people={"ada@example.com": 7, "ben@example.com": 8}, open=frozenset({7, 8}), phones={7: "+4911111", 8: ""},
        ways={7: frozenset({"ada@example.com"})},
    )  # fmt: skip
    lines = decide_moves(taken(), here, now=NOW)
    assert lines[0] == Line("person", "A", "Ada", "skipped", say("has an account here already"), ADA, 7)
    found = told(lines)
    assert found["way", "Ada, ada@example.com"] == ("skipped", "is here already")
    assert found["way", "Ada, +49305550000"] == ("failed", "a second number: here a person has one")
    assert found["schedule", "Primary"][0] == "made"


def test_whoever_needs_what_can_not_be_moved_can_not_be_moved() -> None:
    here = Here(people={"ben@example.com": 8})  # closed
    found = told(decide_moves(taken(), here, now=NOW))
    assert found["person", "Ben"] == ("failed", "has a closed account here: open it again under People first")
    assert found["schedule", "Primary"] == ("failed", "needs Ben, which can’t be moved")
    assert found["override", "Primary, Ben"] == ("failed", "needs Primary, which can’t be moved")
    assert found["path", "Payments"] == ("failed", "needs Primary, which can’t be moved")
    assert found["component", "Checkout"][0] == "made"


LONG = "x" * 121
CASES: list[tuple[dict[str, Any], Mapping[str, Any], tuple[str, str], tuple[str, str]]] = [
    ({"people": (replace(ADA, name=LONG),)}, {}, ("person", LONG),
     ("failed", "has a name of 121 characters; 120 is the most here")),
    ({"people": (replace(ADA, name=""),)}, {}, ("person", ""), ("failed", "has no name")),
    ({"people": (replace(ADA, cannot=say("is blocked there")),)}, {}, ("person", "Ada"),
     ("failed", "is blocked there")),
    ({"people": (ADA, replace(BEN, mail="ada@example.com"))}, {}, ("person", "Ben"), ("failed", "stands there twice")),
    ({}, {"people": {"ben@example.com": 7}, "moved": {("person", "A"): 7}, "open": frozenset({7})}, ("person", "Ben"),
     ("failed", "stands there twice")),
    ({"people": (ADA, replace(BEN, origin="A"))}, {}, ("person", "Ben"), ("failed", "stands there twice")),
    ({"people": (replace(ADA, ways=(Way("push", "x"),)),)}, {}, ("way", "Ada"),
     ("failed", "Firstcall can’t reach people by push")),
    ({"people": (replace(ADA, ways=(Way("mail", ""),)),)}, {}, ("way", "Ada"),
     ("failed", "its address can’t be read")),
    ({"people": (replace(ADA, ways=tuple(Way("mail", f"{n}@example.com") for n in range(6))),)}, {},
     ("way", "Ada, 5@example.com"), ("failed", "more than 5 ways")),
    ({"rotas": (replace(ROTA, turns=()),)}, {}, ("schedule", "Primary"),
     ("failed", "has nobody who takes turns in it")),
    ({"rotas": (replace(ROTA, turns=(WEEKS,) * 31),)}, {}, ("schedule", "Primary"),
     ("failed", "has 31 layers; 30 is the most here")),
    ({"rotas": (replace(ROTA, turns=(WEEKS, WEEKS)),)}, {}, ("schedule", "Primary"),
     ("failed", "has two on call at once (‘Weeks’ and ‘Weeks’); here a schedule has one")),
    ({"rotas": (replace(ROTA, turns=(replace(WEEKS, members=("A", "Z")),)),)}, {}, ("schedule", "Primary"),
     ("failed", "names somebody or something that was not read")),
    ({"rotas": (replace(ROTA, turns=(replace(WEEKS, length_days=400),)),)}, {}, ("schedule", "Primary"),
     ("failed", "layer ‘Weeks’ has turns of more than a year")),
    ({"rotas": (ROTA, replace(ROTA, origin="S2"))}, {}, ("schedule", "Primary"),
     ("failed", "there is another of this name already: rename one of them")),
    ({}, {"schedules": frozenset({"Primary"})}, ("schedule", "Primary"),
     ("failed", "there is another of this name already: rename one of them")),
    ({}, {"moved": {("schedule", "S"): 3}, "schedules": frozenset({"Primary"})}, ("schedule", "Primary"),
     ("skipped", "is here already: it was moved before")),
    ({"rotas": (replace(ROTA, covers=(Cover("O", "B", NOW - DAY, NOW),)),)}, {}, ("override", "Primary, Ben"),
     ("skipped", "is over")),
    ({"rotas": (replace(ROTA, covers=(Cover("O", "B", NOW, NOW + 93 * DAY),)),)}, {}, ("override", "Primary, Ben"),
     ("failed", "lasts longer than three months: that is a rotation")),
    ({"rotas": (replace(ROTA, covers=(Cover("O", "Z", NOW, NOW + DAY),)),)}, {}, ("override", "Primary"),
     ("failed", "names somebody or something that was not read")),
    ({"policies": (replace(POLICY, calls=()),)}, {}, ("path", "Payments"), ("failed", "pages nobody")),
    ({"policies": (replace(POLICY, calls=(Call("person", "A", 0),)),)}, {}, ("path", "Payments"),
     ("failed", "waits 0 minutes for an answer; here it is 1 to 240")),
    ({"policies": (replace(POLICY, calls=(Call("person", "A", 241),)),)}, {}, ("path", "Payments"),
     ("failed", "waits 241 minutes for an answer; here it is 1 to 240")),
    ({}, {"paths": frozenset({"Payments"})}, ("path", "Payments"),
     ("failed", "there is another of this name already: rename one of them")),
    ({}, {"components": frozenset({"Checkout"})}, ("component", "Checkout"),
     ("failed", "there is another of this name already: rename one of them")),
    ({"services": (replace(SERVICE, path=""),)}, {}, ("component", "Checkout"), ("made", "as a part of ours")),
]  # fmt: skip


@pytest.mark.parametrize(("more", "here", "which", "expected"), CASES)
def test_each_reason(
    more: dict[str, Any], here: Mapping[str, Any], which: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert told(decide_moves(taken(**more), Here(**here), now=NOW))[which] == expected


OURS = (settled(WEEKS, ("7", "8")),)
MOVED: dict[str, Any] = {
    "moved": {("person", "A"): 7, ("person", "B"): 8, ("schedule", "S"): 3}, "open": frozenset({7, 8}),
    "schedules": frozenset({"Primary"}), "layers": {3: OURS}, "marks": {("schedule", "S"): mark_of(OURS)},
}  # fmt: skip
DAILY = replace(ROTA, turns=(replace(WEEKS, length_days=1),))
STAYS = ("skipped", "was changed here since it moved: it stays as it is")


@pytest.mark.parametrize(
    ("rota", "here", "expected"),
    [
        (ROTA, {}, ("skipped", "is here already: it was moved before")),
        (DAILY, {}, ("changed", "has changed there: 1 layer, by the clock of Europe/Berlin")),
        (ROTA, {"layers": {3: (replace(OURS[0], length_days=3),)}}, STAYS),
        (DAILY, {"layers": {3: (replace(OURS[0], length_days=3),)}}, STAYS),
        (DAILY, {"layers": {}}, ("skipped", "is here already: it was moved before")),  # it came from a file since
        (DAILY, {"marks": {}}, STAYS),
        (replace(ROTA, turns=()), {}, ("failed", "has nobody who takes turns in it")),
        (replace(ROTA, cannot=say("is switched off there")), {}, ("failed", "is switched off there")),
    ],
)
def test_a_schedule_follows_theirs_until_somebody_changes_it_here(
    rota: Rota, here: Mapping[str, Any], expected: tuple[str, str]
) -> None:
    found = told(decide_moves(taken(rotas=(rota,)), Here(**{**MOVED, **here}), now=NOW))
    assert found["schedule", "Primary"] == expected
    assert (found["path", "Payments"][0], found["override", "Primary, Ben"][0]) == ("made", "made")  # it is here


STEPS = (Call("schedule", "3", 5), Call("person", "7", 10))
FOLLOWED = {**MOVED, "moved": {**MOVED["moved"], ("path", "E"): 4}, "steps": {4: STEPS},
            "marks": {**MOVED["marks"], ("path", "E"): steps_mark(STEPS)}}  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "here", "expected"),
    [
        (POLICY.calls, {}, ("skipped", "is here already: it was moved before")),
        (POLICY.calls[:1], {}, ("changed", "has changed there: 1 step")),
        ((*POLICY.calls, Call("person", "B", 5)), {}, ("changed", "has changed there: 3 steps")),
        ((Call("schedule", "S", 6), POLICY.calls[1]), {}, ("changed", "has changed there: 2 steps")),
        (POLICY.calls[:1], {"steps": {4: STEPS[1:]}}, STAYS),
        (POLICY.calls, {"steps": {4: STEPS[1:]}}, STAYS),
        (POLICY.calls[:1], {"steps": {}}, ("skipped", "is here already: it was moved before")),  # from a file since
        (POLICY.calls[:1], {"marks": {}}, STAYS),
        ((), {}, ("failed", "pages nobody")),
        ((Call("person", "Z", 5),), {}, ("failed", "names somebody or something that was not read")),
    ],
)
def test_a_path_follows_theirs_until_somebody_changes_it_here(
    calls: tuple[Call, ...], here: Mapping[str, Any], expected: tuple[str, str]
) -> None:
    whole = taken(policies=(replace(POLICY, calls=calls),))
    assert told(decide_moves(whole, Here(**{**FOLLOWED, **here}), now=NOW))["path", "Payments"] == expected


EVER = NOW + 1000 * DAY
COMING = Standing(3, 8, "Ben", NOW + DAY, NOW + 2 * DAY)
GOING_ON = Standing(3, 8, "Ben", NOW - DAY, NOW + 2 * DAY)
WHEN = f"from {NOW + DAY} until {NOW + 2 * DAY}"
THEIRS = Cover("O", "B", NOW + DAY, NOW + 2 * DAY)


@pytest.mark.parametrize(
    ("covers", "until", "ours", "expected"),
    [
        ((THEIRS,), EVER, COMING, ("skipped", "is here already: it was moved before")),
        ((), EVER, COMING, ("removed", f"is not there any more: {WHEN}")),
        ((), EVER, GOING_ON, ("removed", f"is not there any more: it ends now, not at {NOW + 2 * DAY}")),
        ((), EVER, replace(GOING_ON, ends=NOW), None),  # what was is not changed
        ((), None, COMING, None),  # it did not say whether these are all
        ((), NOW + DAY, COMING, None),  # nor so far ahead
        ((replace(THEIRS, person="A"),), EVER, COMING, ("changed", f"has changed there: {WHEN}")),
        ((replace(THEIRS, starts=NOW - DAY / 2),), EVER, GOING_ON, ("skipped", "is here already: it was moved before")),
        ((replace(THEIRS, starts=NOW - 2 * DAY, ends=NOW - DAY),), EVER, GOING_ON,
         ("removed", f"is not there any more: it ends now, not at {NOW + 2 * DAY}")),
        ((THEIRS,), EVER, replace(GOING_ON, ends=NOW), ("skipped", "is over")),  # somebody ended it here
        ((replace(THEIRS, person="Z"),), EVER, COMING, ("failed", "names somebody or something that was not read")),
    ],
)  # fmt: skip
def test_who_takes_over_follows_theirs_from_now_on(
    covers: tuple[Cover, ...], until: dt.datetime | None, ours: Standing, expected: tuple[str, str] | None
) -> None:
    """An override made by hand, 6, is never spoken of."""
    here = {**MOVED, "moved": {**MOVED["moved"], ("override", "O"): 5}, "overrides": {5: ours, 6: COMING}}
    whole = taken(rotas=(replace(ROTA, covers=covers, covers_until=until),))
    lines = decide_moves(whole, Here(**here), now=NOW)
    found = [(one.what, plain(one.why)) for one in lines if one.noun == "override"]
    assert found == ([] if expected is None else [expected])
    assert {one.number for one in lines if one.noun == "override"} <= {5}


ORIGINS = st.sampled_from(["A", "B", "C", "D"])
WHO = st.sampled_from(["", "ada@example.com", "ben@example.com", "cleo@example.com"])
PEOPLE = st.builds(
    Person, ORIGINS, st.sampled_from(["Ada", "Ben", ""]), WHO,
    ways=st.lists(st.builds(Way, st.sampled_from(["mail", "phone", "push"]), WHO), max_size=3).map(tuple),
)  # fmt: skip
COVERS = st.builds(
    Cover, ORIGINS, ORIGINS, st.just(NOW), st.sampled_from([NOW - DAY, NOW + DAY, NOW + 100 * DAY])
)  # fmt: skip
ROTAS = st.builds(
    Rota, ORIGINS, st.sampled_from(["One", "Two"]), covers_until=st.sampled_from([None, EVER]), turns=st.lists(
        st.builds(replace, st.just(WEEKS), members=st.lists(ORIGINS, max_size=2).map(tuple), level=st.integers(0, 1)),
        max_size=2,
    ).map(tuple), covers=st.lists(COVERS, max_size=2).map(tuple),
)  # fmt: skip
POLICIES = st.builds(
    Policy, ORIGINS, st.sampled_from(["One", "Two"]),
    st.lists(st.builds(Call, st.sampled_from(["person", "schedule"]), ORIGINS, st.integers(0, 2)), max_size=2).map(
        tuple
    ),
)  # fmt: skip


def after(lines: tuple[Line, ...]) -> Here:
    """What is here once the lines have been carried out."""
    ids: dict[tuple[str, str], int] = {
        (one.noun, one.origin): n for n, one in enumerate(lines, 1) if one.what == "made"
    }
    people = {
        one.thing.mail: ids["person", one.origin]
        for one in lines
        if isinstance(one.thing, Person) and one.what == "made"
    }
    ways: dict[int, set[str]] = {}
    phones = dict.fromkeys(people.values(), "")
    for line in lines:
        if line.what == "made" and isinstance(line.thing, Way):
            number = ids["person", line.origin]
            if line.thing.kind == "mail":
                ways.setdefault(number, set()).add(line.thing.address)
            else:
                phones[number] = line.thing.address
    rotas = [(ids["schedule", one.origin], one.thing) for one in lines
             if one.what == "made" and isinstance(one.thing, Rota)]  # fmt: skip
    layers = {
        number: tuple(
            settled(turns, tuple(str(ids["person", member]) for member in turns.members)) for turns in one.turns
        )
        for number, one in rotas
    }
    names = {noun: frozenset(one.name for one in lines if (one.noun, one.what) == (noun, "made")) for noun in
             ("schedule", "path", "component")}  # fmt: skip
    steps = {
        ids["path", one.origin]: tuple(
            replace(call, origin=str(ids[call.noun, call.origin])) for call in one.thing.calls
        )
        for one in lines
        if one.what == "made" and isinstance(one.thing, Policy)
    }
    overrides = {
        ids["override", one.origin]: Standing(
            ids["schedule", one.rota], ids["person", one.thing.person], "", one.thing.starts, one.thing.ends
        )
        for one in lines
        if one.what == "made" and isinstance(one.thing, Cover)
    }
    marks = {("schedule", one.origin): mark_of(layers[number]) for number, one in rotas} | {
        ("path", one.origin): steps_mark(steps[ids["path", one.origin]])
        for one in lines
        if (one.noun, one.what) == ("path", "made")
    }
    return Here(
        ids, people, frozenset(people.values()), phones, {number: frozenset(them) for number, them in ways.items()},
        names["schedule"], names["path"], names["component"], layers, steps, overrides, marks,
    )  # fmt: skip


@settings(max_examples=50)
@given(
    st.lists(PEOPLE, max_size=4).map(tuple), st.lists(ROTAS, max_size=3).map(tuple),
    st.lists(POLICIES, max_size=2).map(tuple), st.lists(st.builds(Service, ORIGINS, ORIGINS), max_size=3).map(tuple),
)  # fmt: skip
def test_a_second_run_makes_nothing_and_nothing_fails_that_was_made(
    people: tuple[Person, ...], rotas: tuple[Rota, ...], policies: tuple[Policy, ...], services: tuple[Service, ...]
) -> None:
    whole = taken(people=people, rotas=rotas, policies=policies, services=services)
    first = decide_moves(whole, Here(), now=NOW)
    made = [one for one in first if one.what == "made"]
    assert len({(one.noun, one.origin, repr(one.thing)) for one in made}) == len(made)
    fine = {(one.noun, one.origin) for one in made if one.noun in ("person", "schedule")}
    for rota in rotas:
        if ("schedule", rota.origin) in fine and [one.origin for one in rotas].count(rota.origin) == 1:
            assert all(("person", member) in fine for turns in rota.turns for member in turns.members)
    second = decide_moves(whole, after(first), now=NOW)
    assert [one for one in second if one.what in ("made", "changed", "removed")] == []
    failed = {(one.noun, one.origin) for one in second if one.what == "failed"}
    once = {key for key in fine if [(one.noun, one.origin) for one in first].count(key) == 1}
    assert once & failed == set()
