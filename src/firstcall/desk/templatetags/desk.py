"""What a prompt says about its time and whom it is for."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.template import Context, Template, engines
from django.template.backends.django import Template as Backend
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firstcall.deliver.queries.health import Finding
from firstcall.desk.late import LateThing
from firstcall.kernel.say import say
from firstcall.people.rules.access import can
from firstcall.ready.rules.holes.hole import Hole
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role
from firstcall.respond.rules import impact
from firstcall.respond.rules.queue import Prompt, Queue
from firstcall.respond.templatetags.spoken import spoken

register = template.Library()

SHORT = {
    "owner": gettext_lazy("the owner"),
    "technical_lead": gettext_lazy("the technical lead"),
    "communications_lead": gettext_lazy("the communications lead"),
    "support_liaison": gettext_lazy("the support liaison"),
    "leadership_liaison": gettext_lazy("the leadership liaison"),
    "scribe": gettext_lazy("the scribe"),
}


@register.simple_tag(takes_context=True)
def due(context: Context, prompt: Prompt, *, bare: bool = False) -> SafeString | str:
    """'Due 23:16, in 4 minutes.' or 'Was due 23:08, 4 minutes late.'"""
    now: dt.datetime = context["now"]
    if prompt.due_at is None:
        return ""
    seconds = (prompt.due_at - now).total_seconds()
    minutes = int(abs(seconds) // 60)
    css = "" if bare else "soft"
    at = spoken(context, say(_("Due {at}"), at=prompt.due_at))
    if seconds < 0 and minutes:
        words = _("{n} min late").format(n=minutes)
        return format_html('<span class="{}">{}, <span class="late">{}</span>.</span>', css, at, words)
    words = _("in {n} min").format(n=minutes) if minutes else _("now")
    return format_html(
        '<span class="{}">{}, <span data-until="{}" data-words="{}" data-late="{}">{}</span>.</span>',
        css,
        at,
        prompt.due_at.isoformat(),
        _("in {n} min"),
        _("now"),
        words,
    )


@register.simple_tag
def next_for(queue: Queue) -> str:
    """'Next for you, the owner' with every role it is asked of."""
    roles = queue.roles.get(queue.head.key, ()) if queue.head else ()
    names = [str(SHORT[role]) for role in roles if role in Role.values]
    return _("Next for you, {roles}").format(roles=_(" and ").join(names)) if names else _("Next for you")


def length(seconds: float) -> str:
    """'18 min', '3 h 30 min', '2 days'."""
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    days = hours // 24
    return ngettext("{n} day", "{n} days", days).format(n=days)


@register.simple_tag
def lasted(since: dt.datetime, now: dt.datetime) -> str:
    """How long something has lasted."""
    return length((now - since).total_seconds())


@register.simple_tag
def late_by(thing: LateThing, now: dt.datetime) -> str:
    """'2 min late'."""
    return _("{length} late").format(length=length((now - thing.due_at).total_seconds()))


FLOW_STATES = {
    "failing": ("bad", "fail", gettext_lazy("Failing")),
    "hurt": ("late", "slow", gettext_lazy("Hurt")),
    "watched": ("", "monitoring", gettext_lazy("Watched")),
    "well": ("well", "check", gettext_lazy("Well")),
    "unwatched": ("", "unknown", gettext_lazy("Not watched")),
    "unknown": ("", "unknown", gettext_lazy("Not known")),
}


@lru_cache(maxsize=1)
def _sign() -> Template:
    made = engines["django"].from_string("{% load house %}{% icon name %}")
    assert isinstance(made, Backend)
    return made.template


@register.simple_tag
def flow_state(state: str) -> SafeString:
    """A flow's state: a shape and a word, then a colour."""
    css, name, word = FLOW_STATES[state]
    return format_html('<span class="state {}">{}{}</span>', css, _sign().render(Context({"name": name})), word)


@register.simple_tag
def finding(one: Finding) -> str:
    """What the auditor found, as a sentence."""
    words = {
        "late": ngettext("{n} page is late.", "{n} pages are late.", one.count),
        "stuck": ngettext("{n} job hangs.", "{n} jobs hang.", one.count),
        "failing": ngettext(
            "{n} message is tried again and again.", "{n} messages are tried again and again.", one.count
        ),
        "parked": ngettext("{n} message was given up.", "{n} messages were given up.", one.count),
    }
    return words.get(one.kind, ngettext("{n} finding.", "{n} findings.", one.count)).format(n=one.count)


@register.simple_tag
def hit_for(incident: Incident, now: dt.datetime) -> str:
    """How long people were hit by it, so far or in all."""
    return length(impact.lasted(incident.impact(now=now)).total_seconds())


FIELDS = {  # of a hole's key: the field of the flow's form that mends it
    "path": "path", "owner": "owner", "repair": "technical_owner", "words": "words_customers", "cost": "cost_per_hour",
    "steps": "first_steps",
}  # fmt: skip


@register.simple_tag(takes_context=True)
def hole_url(context: Context, hole: Hole) -> str:
    """The page that mends a hole, at the field where one is to be filled in; of one that an older version kept, and
    whose page is gone, the list of them all. What only somebody else can mend has none: "", except for an admin."""
    user = context["user"]
    if hole.page == "person" and hole.slug == str(user.pk):
        return reverse("profile")
    if hole.page == "person" and not can(user.access, "administer"):
        return ""
    try:
        url = reverse(hole.page, args=[hole.slug] if hole.slug else [])
    except NoReverseMatch:
        return reverse("readiness")
    field = FIELDS.get(hole.key.partition(":")[0], "") if hole.page == "flow_edit" else ""
    return f"{url}#id_{field}" if field else url


@register.filter
def took(span: dt.timedelta) -> str:
    """'45 s', '4 min 10 s', '1 h 5 min'."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return _("{n} s").format(n=seconds)
    if seconds < 3600:
        return _("{n} min {s} s").format(n=seconds // 60, s=seconds % 60)
    return _("{h} h {n} min").format(h=seconds // 3600, n=seconds % 3600 // 60)
