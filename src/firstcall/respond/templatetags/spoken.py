"""Sentences of the rules, translated and dressed: for pages as HTML, for mail as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template import Context, Template, engines
from django.template.backends.django import Template as Backend
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from firstcall.kernel.say import Count, Money, MoneyRange, Say, Term

register = template.Library()


def speak(sentence: Say | str, *, dress: Callable[[object], str]) -> str:
    """The sentence as translated plain text; `dress` writes instants and amounts."""
    if isinstance(sentence, str):
        return gettext(sentence)
    facts = {name: _words(fact, dress) for name, fact in sentence.facts.items()}
    return gettext(sentence.text).format_map(facts)


def _words(fact: object, dress: Callable[[object], str]) -> str:
    if isinstance(fact, Count):
        number = f"{fact.n:,}"
        return ngettext(fact.one, fact.many, fact.n).format(n=number)
    if isinstance(fact, Term):
        return gettext(fact.text)
    if isinstance(fact, dt.datetime | Money | MoneyRange):
        return dress(fact)
    return str(fact)


def dresser(zone: ZoneInfo) -> Callable[[object], str]:
    """For mail and other plain text: '22:54 CET', '€6,200'."""

    def dress(fact: object) -> str:
        if isinstance(fact, dt.datetime):
            return wall(fact, zone)
        if isinstance(fact, Money):
            return f"{fact.amount:,} {settings.ENV['FIRSTCALL_CURRENCY']}"
        if isinstance(fact, MoneyRange):
            both = dict.fromkeys((fact.low, fact.high))
            return f"{'–'.join(f'{one:,}' for one in both)} {settings.ENV['FIRSTCALL_CURRENCY']}"
        return str(fact)

    return dress


def wall(at: dt.datetime, zone: ZoneInfo) -> str:
    """'22:54 CET'."""
    return f"{at.astimezone(zone):%H:%M %Z}"


@lru_cache(maxsize=2)
def _piece(source: str) -> Template:
    made = engines["django"].from_string("{% load house %}" + source)
    assert isinstance(made, Backend)
    return made.template


def _dressed(fact: object, context: Context) -> SafeString:
    if isinstance(fact, dt.datetime):
        return _piece("{{ at|when:now }}").render(Context({"at": fact, "now": context.get("now")}))
    if isinstance(fact, Money | MoneyRange):
        amount = fact.amount if isinstance(fact, Money) else fact
        return _piece("{{ amount|money }}").render(Context({"amount": amount}))
    return conditional_escape(_words(fact, str))


@register.simple_tag(takes_context=True)
def spoken(context: Context, sentence: Say | str | None) -> SafeString:
    """`{% spoken answer.said %}`: a rule's sentence as HTML, with times and money as the house writes them."""
    if sentence is None:
        return mark_safe("")
    if isinstance(sentence, str):
        return conditional_escape(gettext(sentence))
    text = conditional_escape(gettext(sentence.text))
    if not sentence.facts:
        return mark_safe(text.replace("{{", "{").replace("}}", "}"))  # noqa: S308 - escaped above
    return format_html(text, **{name: _dressed(fact, context) for name, fact in sentence.facts.items()})
