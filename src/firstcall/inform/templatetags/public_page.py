"""What the public page's files need: times in UTC, states in words, and ninety days as bars."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from firstcall.inform.rules.page_files import failed
from firstcall.journal.spoken import wall
from firstcall.respond.models.incident import State
from firstcall.respond.rules.impact import minutes_of

register = template.Library()
STEP, TALL = 8, 28


@register.filter
def utc_clock(moment: dt.datetime) -> str:
    """23:06, by UTC."""
    return f"{moment.astimezone(dt.UTC):%H:%M}"


@register.filter
def local_clock(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """23:06 CET."""
    return wall(moment, zone)


@register.simple_tag(takes_context=True)
def at(context: Context, text: str) -> SafeString:
    """An ISO instant on the organisation's clock: '22:54 CET', with its day when that is another than today's."""
    zone, confirmed = context["zone"], context["confirmed"]
    moment = dt.datetime.fromisoformat(text).astimezone(zone)
    said = wall(moment, zone)
    if moment.date() != confirmed.astimezone(zone).date():
        said = f"{date_format(moment, 'j F')}, {said}"
    return format_html('<time datetime="{}">{}</time>', text, said)


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
def state_sign(state: str) -> SafeString:
    """The state's ring, filled as far as the work has come."""
    inner = {
        "investigating": '<path d="M8 8V4a4 4 0 0 1 4 4Z" fill="currentColor"/>',
        "identified": '<path d="M8 4a4 4 0 0 1 0 8Z" fill="currentColor"/>',
        "monitoring": '<path d="M8 8H4a4 4 0 1 0 4-4Z" fill="currentColor"/>',
    }.get(state, '<path d="m5.3 8.2 1.9 1.9 3.5-4" fill="none" stroke="currentColor" stroke-width="1.5"/>')
    return format_html(
        '<svg class="i" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">'
        '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>{}</svg>',
        mark_safe(inner),  # noqa: S308 (our own constants)
    )


@register.filter
def span(incident: dict[str, Any]) -> str:
    """How long an incident that is over lasted: '18 min', '2 h 5 min'."""
    spans = failed(incident, now=dt.datetime.fromisoformat(incident["over_at"]))
    hours, minutes = divmod(max(1, minutes_of(spans)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.simple_tag
def day_bars(part: dict[str, Any]) -> SafeString:
    """Ninety bars, taller where it failed, pale before the page was there; the same in words for who can't see them."""
    unknown = "".join(f"M{n * STEP + 3} 14v8" for n, day in enumerate(part["days"]) if day.minutes is None)
    calm = "".join(f"M{n * STEP + 3} 8v20" for n, day in enumerate(part["days"]) if day.minutes == 0)
    bad = "".join(f"M{n * STEP + 3} 0v28" for n, day in enumerate(part["days"]) if day.minutes)
    said = ", ".join(f"{date_format(day.day, 'j F')} {day.minutes} min" for day in part["bad"])
    label = _("%(name)s, 90 days: %(said)s") % {"name": part["name"], "said": said or _("no failures")}
    return format_html(
        '<svg class="days" viewBox="0 0 720 28" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="unknown" stroke-width="5" d="{}"/><path class="calm" stroke-width="5" d="{}"/>'
        '<path class="hurt" stroke-width="5" d="{}"/></svg>',
        label, unknown, calm, bad,
    )  # fmt: skip
