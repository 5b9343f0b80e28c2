"""Previews and the words of what is wrong in them."""

from __future__ import annotations

from django.utils.translation import gettext

from firstcall.kernel.say import Say, Term
from firstcall.people.models.user import User
from firstcall.ready.models.preview import Preview


def preview_of(number: int, *, person: User, kind: str) -> Preview | None:
    """A preview for whoever made it; None for all others, and when it has left. One statement."""
    return Preview.objects.select_related("flow").filter(pk=number, by=person, kind=kind).first()


def spoken(sentence: Say) -> str:
    """A sentence about a file, translated, as plain text."""
    facts = {name: gettext(fact.text) if isinstance(fact, Term) else fact for name, fact in sentence.facts.items()}
    return gettext(sentence.text).format_map(facts)
