"""Sentences of the rules as plain text: translated, and told by a clock on somebody's wall.

What is kept, mailed or said over the API is spoken here; pages dress the same sentences as HTML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext, ngettext

from firstcall.kernel.say import Money, MoneyRange, Say, fact_words, plain

CLOCK = "%H:%M %Z"
DAY_AND_CLOCK = "%Y-%m-%d %H:%M"


def speak(sentence: Say | str, dress: Callable[[object], str] = str) -> str:
    """The sentence in the language in force; `dress` writes instants and amounts."""
    if isinstance(sentence, str):
        return gettext(sentence)
    return plain(sentence, dress, translate=gettext, choose=ngettext)


def speak_fact(fact: object, dress: Callable[[object], str] = str) -> str:
    """One fact of a sentence, by itself."""
    return fact_words(fact, dress, translate=gettext, choose=ngettext)


def organisation_zone() -> ZoneInfo:
    """The zone of everything that is written for more than one reader."""
    return ZoneInfo(settings.ENV["FIRSTCALL_ZONE"])


def wall(at: dt.datetime, zone: dt.tzinfo) -> str:
    """'22:54 CET'."""
    return f"{at.astimezone(zone):{CLOCK}}"


def dresser(zone: dt.tzinfo, form: str = CLOCK) -> Callable[[object], str]:
    """Instants by the clock of `zone`, in the `form` of strftime; money as '6,200 EUR' or '3,720–6,200 EUR'."""

    def dress(fact: object) -> str:
        if isinstance(fact, dt.datetime):
            return f"{fact.astimezone(zone):{form}}"
        if isinstance(fact, Money):
            return f"{fact.amount:,} {settings.ENV['FIRSTCALL_CURRENCY']}"
        if isinstance(fact, MoneyRange):
            both = dict.fromkeys((fact.low, fact.high))
            return f"{'–'.join(f'{one:,}' for one in both)} {settings.ENV['FIRSTCALL_CURRENCY']}"
        return str(fact)

    return dress
