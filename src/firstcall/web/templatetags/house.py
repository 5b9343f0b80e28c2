"""The tags every page uses: icons, times, severities, states, money, fields."""

from __future__ import annotations

import datetime as dt

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Textarea
from django.forms.widgets import CheckboxSelectMultiple
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firstcall.kernel.say import MoneyRange

register = template.Library()

SHEETS = ("tokens", "base", "room", "forms", "tables", "pieces", "pages")
STATES = {
    "triage": gettext_lazy("Triage"), "investigating": gettext_lazy("Investigating"),
    "identified": gettext_lazy("Identified"), "monitoring": gettext_lazy("Monitoring"),
    "resolved": gettext_lazy("Resolved"), "closed": gettext_lazy("Closed"),
}  # fmt: skip
CURRENCIES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
ALIASES = {"break": "fail"}


@register.simple_tag
def sheets() -> SafeString:
    """The links to our style sheets; a tag, because an error page is rendered without any context."""
    links = ((static(f"web/{name}.css"),) for name in SHEETS)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One sign of the sprite; never the only carrier of a fact, so hidden from screen readers."""
    name = ALIASES.get(name, name)
    return format_html(
        '<svg class="i i-{}" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">'
        '<use href="{}#i-{}"/></svg>',
        name, static("web/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def sev(severity: int) -> SafeString:
    """A severity by weight, bars and word; it has no colour."""
    return format_html('<span class="sev sev-{}">{}SEV{}</span>', severity, icon(f"bars{severity}"), severity)


@register.simple_tag
def state(name: str) -> SafeString:
    """An incident's state as a ring that fills, and its word."""
    return format_html('<span class="state">{}{}</span>', icon(str(name)), STATES.get(str(name), name))


def span(seconds: float) -> str:
    """A length of time in words a person would use, to the minute."""
    minutes = int(abs(seconds) // 60)
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        words = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
        return words if rest == 0 else _("%(hours)s %(rest)s min") % {"hours": words, "rest": rest}
    days = hours // 24
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def relative(moment: dt.datetime, now: dt.datetime) -> str:
    """'7 minutes ago' or '4 minutes from now'."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 60:
        return _("just now")
    return _("%s from now") % span(seconds) if seconds > 0 else _("%s ago") % span(seconds)


@register.filter
def when(moment: dt.datetime | None, now: dt.datetime) -> SafeString | str:
    """A time in the reader's zone: short to read, whole on hover, relative for a screen reader."""
    return "" if moment is None else _time(moment, now, far=f", {relative(moment, now)}")


@register.filter
def when_played(moment: dt.datetime, asked: dt.datetime) -> SafeString:
    """The same for a moment that is played through: `asked` is not now, so nothing is said of how far off it is."""
    return _time(moment, asked, far="")


def _time(moment: dt.datetime, day: dt.datetime, *, far: str) -> SafeString:
    """Short on the day of `day`, else with its own."""
    zone = get_current_timezone()
    local = moment.astimezone(zone)
    days = (day.astimezone(zone).date() - local.date()).days
    clock = local.strftime("%H:%M")
    if days == 0:
        text = clock
    elif -6 <= -days <= 6:
        text = f"{date_format(local, 'D')} {clock}"
    else:
        text = f"{date_format(local, 'j M')} {clock}"
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="vh"> {}{}</span></time>',
        local.isoformat(timespec="minutes"),
        f"{date_format(local, 'l j F Y')}, {clock} {local.tzname()}",
        text,
        local.tzname() or "",
        far,
    )


@register.filter
def when_plain(moment: dt.datetime) -> str:
    """A whole moment in the reader's zone as text: 'Friday 20 November 2026, 23:12 CET'."""
    local = moment.astimezone(get_current_timezone())
    return f"{date_format(local, 'l j F Y')}, {local:%H:%M} {local.tzname()}"


@register.filter
def ago(moment: dt.datetime | None, now: dt.datetime) -> str:
    """How far off a moment is, in words."""
    return "" if moment is None else relative(moment, now)


@register.simple_tag
def mins(amount: dt.timedelta | float | None) -> str:
    """A length as 'n min' or 'n h m min'; a number counts as minutes."""
    if amount is None:
        return ""
    total = amount.total_seconds() / 60 if isinstance(amount, dt.timedelta) else amount
    minutes = max(0, int(total))
    if minutes < 60:
        return _("%s min") % minutes
    hours, rest = divmod(minutes, 60)
    return _("%(h)s h %(m)s min") % {"h": hours, "m": rest} if rest else _("%s h") % hours


@register.filter
def money(amount: float | MoneyRange | None) -> str:
    """Whole units of the organisation's currency: €6,200; a range: €3,720–€6,200."""
    if amount is None:
        return _("not known")
    if isinstance(amount, MoneyRange):
        low, high = money(amount.low), money(amount.high)
        return low if low == high else f"{low}–{high}"
    code = settings.ENV["FIRSTCALL_CURRENCY"]
    sign = CURRENCIES.get(code)
    return f"{sign}{round(amount):,}" if sign else f"{round(amount):,} {code}"


@register.filter
def thousands(count: int | None) -> str:
    """A count as people write it: 1,243; a dash when it is not known."""
    return "–" if count is None else f"{count:,}"


@register.filter
def place(field: BoundField) -> str:
    """The id of what a link to this field should reach: its input, or the first of its choices."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether a field is one tick box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The input of a form's field with the house's class."""
    widget = field.field.widget
    if isinstance(widget, (Select, Textarea, RadioSelect, CheckboxSelectMultiple)):
        return field.as_widget()
    return field.as_widget(attrs={"class": f"input {widget.attrs.get('class', '')}".strip()})
