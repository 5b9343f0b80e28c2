"""Marks under words a customer should not be told."""

from __future__ import annotations

import pytest

from firstcall.inform.rules.wording import apply_fix, check_words


def kinds(text: str, audience: str = "public", *, says_next: bool = True) -> list[str]:
    return [mark.kind for mark in check_words(text, audience=audience, says_next=says_next)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Card payments at checkout are failing for some shops. We are working on it.", []),
        ("It will be fixed by 23:30.", ["eta"]),
        ("We expect to be back within 2 hours.", ["eta"]),
        ("It will be back shortly.", ["eta_vague"]),
        ("This is probably our card provider.", ["speculation"]),
        ("Our database failover is slow.", ["jargon", "jargon"]),
        ("A small number of shops saw a brief hiccup.", ["softening", "softening", "softening"]),
        ("It is down because of our provider.", ["blame"]),
        ("You hear from us by 23:25.", []),
        ("The next update comes within 30 minutes.", []),
        ("We will post another update by 23:30.", []),
        ("Card payments were restored at 23:10.", []),
        ("It was fixed within 18 minutes.", []),
        ("ETA is 23:30.", ["eta"]),
        ("We should have it fixed in an hour.", ["eta"]),
        ("Payments should be back up within the next hour.", ["eta"]),
        ("It may be caused by a change.", ["speculation"]),
        ("We believe a change is behind it.", ["speculation"]),
        ("The root cause is known.", ["jargon"]),
        ("We saw 503 errors.", ["jargon"]),
        ("We apologise for any inconvenience.", ["softening"]),
        ("It fails because of one of our engineers.", ["blame"]),
        ("Our provider says it is repairing its service.", []),
        ("Oops! We are on it.", ["tone", "tone"]),
    ],
)
def test_each_kind_is_marked_and_plain_words_are_not(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_engineers_may_speak_as_they_do() -> None:
    assert kinds("The database failover hangs because of our provider.", "inside") == []


def test_a_text_without_the_next_time_is_marked() -> None:
    assert kinds("Card payments fail.", says_next=False) == ["no_next"]
    assert kinds("Card payments fail. Next update at 23:25.", says_next=False) == []


def test_a_mark_gives_its_place() -> None:
    text = "It will be back shortly."
    mark = check_words(text, audience="public", says_next=True)[0]
    assert text[mark.start : mark.end] == mark.text == "shortly"


def test_the_tone_must_fit_the_severity() -> None:
    loud, light = "This is a massive emergency.", "Hang tight, we are on it!"
    assert [mark.text for mark in check_words(loud, audience="public", says_next=True, tone="plain")] == [
        "massive",
        "emergency",
    ]
    assert check_words(loud, audience="public", says_next=True, tone="grave") == []
    assert [mark.kind for mark in check_words(light, audience="public", says_next=True, tone="grave")] == ["tone"] * 2
    assert check_words(light, audience="public", says_next=True, tone="plain") == []


def test_a_time_with_a_stated_basis_is_not_marked() -> None:
    text = "We expect it to work again by 23:30 CET: the provider switched back."
    assert kinds(text) == ["eta"]
    assert check_words(text, audience="public", says_next=True, has_basis=True) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("We are sorry about this small hiccup. It fails.", "We are sorry about this failure. It fails."),
        ("It is just checkout.", "It is checkout."),
        ("Cards fail. It will be fixed by 23:30. Bank transfer works.", "Cards fail. Bank transfer works."),
        ("It will be fixed by 23:30. Bank transfer works.", "Bank transfer works."),
        ("Cards fail. Back soon!", "Cards fail."),
        ("Latency is high.", "Slowness is high."),
        ("Hang on!", "Hang on."),
    ],
)
def test_a_better_phrase_in_one_tap(text: str, after: str) -> None:
    marks = check_words(text, audience="public", says_next=True)
    fix = marks[0].fix
    assert fix is not None
    assert apply_fix(text, fix) == after


def test_where_only_a_person_knows_there_is_no_ready_phrase() -> None:
    assert [mark.fix for mark in check_words("It is probably gone.", audience="public", says_next=True)] == [None]
    assert [mark.fix for mark in check_words("Cards fail.", audience="public", says_next=False)] == [None]
