"""Sentences of the rules, translated and dressed as HTML."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.template import Context, Template, engines
from django.template.backends.django import Template as Backend
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from firstcall.journal.spoken import speak_fact
from firstcall.kernel.say import Money, MoneyRange, Say

register = template.Library()


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
    return conditional_escape(speak_fact(fact))


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
