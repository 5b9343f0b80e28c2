"""What the public page's files need: times in UTC, states in words, and ninety days as bars."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from firstcall.respond.models.incident import State

register = template.Library()
STEP, TALL = 8, 28


@register.filter
def utc_clock(moment: dt.datetime) -> str:
    """23:06, by UTC."""
    return f"{moment.astimezone(dt.UTC):%H:%M}"


@register.filter
def iso_clock(text: str) -> str:
    """'20 November, 22:54' of an ISO instant, by UTC."""
    moment = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    return f"{date_format(moment, 'j F')}, {moment:%H:%M}"


@register.filter
def rfc822(text: str) -> str:
    """An ISO instant as RSS wants it."""
    return format_datetime(dt.datetime.fromisoformat(text))


@register.filter
def state_word(state: str) -> str:
    """A state as the public reads it."""
    return str(State(state).label) if state in State.values else state


@register.simple_tag
def part_sign(status: str) -> SafeString:
    """A shape beside the word: a tick in a ring, or a crossed octagon."""
    shape = (
        '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        '<path d="m5.3 8.2 1.9 1.9 3.5-4" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        if status == "operational"
        else '<path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4Z" fill="currentColor"/>'
        '<path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" fill="none" stroke="var(--canvas)" stroke-width="1.7"/>'
    )
    return format_html(
        '<svg class="i" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        mark_safe(shape),  # noqa: S308 (our own constants)
    )


@register.simple_tag
def day_bars(part: dict[str, Any]) -> SafeString:
    """Ninety bars, taller where it failed; the same in words for who can't see them."""
    calm = "".join(f"M{n * STEP + 3} 8v20" for n, day in enumerate(part["days"]) if not day.minutes)
    bad = "".join(f"M{n * STEP + 3} 0v28" for n, day in enumerate(part["days"]) if day.minutes)
    said = ", ".join(f"{date_format(day.day, 'j F')} {day.minutes} min" for day in part["bad"])
    label = _("%(name)s, 90 days: %(said)s") % {"name": part["name"], "said": said or _("no failures")}
    return format_html(
        '<svg class="days" viewBox="0 0 720 28" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="calm" stroke-width="5" d="{}"/><path class="hurt" stroke-width="5" d="{}"/></svg>',
        label, calm, bad,
    )  # fmt: skip
