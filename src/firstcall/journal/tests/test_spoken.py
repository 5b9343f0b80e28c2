"""Sentences of the rules as plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from firstcall.journal.spoken import DAY_AND_CLOCK, dresser, speak, speak_fact, wall
from firstcall.kernel.say import Count, Money, MoneyRange, Say, Term, plain, say

AT = dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
WORDS = {
    "{who} since {at}: {n}, {what}": "{at} {who} {what} {n}", "all": "alle",
    ("{n} page", 0): "{n} Seite", ("{n} page", 1): "{n} Seiten",
}  # fmt: skip


@pytest.fixture
def _in_german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with translation.override("de"):
        words = SimpleNamespace(_catalog=WORDS, plural=lambda n: int(n != 1))
        monkeypatch.setattr(trans_real.catalog(), "_catalog", trans_real.TranslationCatalog(words))  # type: ignore[arg-type]
        yield


def sentence(n: int) -> Say:
    return say("{who} since {at}: {n}, {what}", who="all", at=AT, n=Count(n, "{n} page", "{n} pages"), what=Term("all"))


def test_as_it_stands() -> None:
    assert plain(sentence(1), dresser(BERLIN)) == "all since 22:54 CET: 1 page, all"
    assert speak(sentence(1200), dresser(BERLIN)) == "all since 22:54 CET: 1,200 pages, all"


@pytest.mark.usefixtures("_in_german")
def test_our_words_are_translated_and_what_people_wrote_is_not() -> None:
    assert speak(sentence(1), dresser(BERLIN)) == "22:54 CET all alle 1 Seite"
    assert speak(sentence(2), dresser(BERLIN)) == "22:54 CET all alle 2 Seiten"
    assert (speak("all"), speak_fact(Term("all")), speak_fact("all")) == ("alle", "alle", "all")


def test_facts_by_the_clock_and_in_money() -> None:
    dress = dresser(BERLIN, DAY_AND_CLOCK)
    assert (dress(AT), wall(AT, BERLIN)) == ("2026-11-20 22:54", "22:54 CET")
    assert [dress(one) for one in (Money(6200), MoneyRange(3720, 6200), MoneyRange(500, 500), 7)] == [
        "6,200 EUR", "3,720–6,200 EUR", "500 EUR", "7",
    ]  # fmt: skip
