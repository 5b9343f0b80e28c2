"""Noting changes, and when they may happen."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import CHANGE_NOTED, CHANGE_REMOVED, RELEASE_WINDOW_REMOVED, RELEASE_WINDOW_SET
from firstcall.ready.models.change import Change, ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

AHEAD = dt.timedelta(days=366)


def note_change(
    *,
    title: str,
    at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    component: Component | None = None,
    flow: Flow | None = None,
    said_by: str = "",
    link: str = "",
    key: str | None = None,
) -> Change:
    """Note what was changed when, or is planned. The same `key` again changes nothing.

    Raises Refused without a title, for a link that is none, or for a time more than a year away.
    """
    title = " ".join(title.split())
    if not title:
        raise Refused(_("Say in a few words what was changed."), field="title")
    if abs(at - now) > AHEAD:
        raise Refused(_("The time is more than a year away. Check the date."), field="at")
    if link and not link.startswith(("https://", "http://")):
        raise Refused(_("A link begins with https://."), field="link")
    with transaction.atomic():
        values = {
            "title": title[:200], "at": at, "component": component, "flow": flow, "link": link[:500],
            "said_by": (said_by or by.name)[:120],
        }  # fmt: skip
        if key is None:
            change, made = Change.objects.create(**values), True
        else:
            change, made = Change.objects.get_or_create(key=key[:200], defaults=values)
        if made:
            what = component or flow
            record(
                CHANGE_NOTED, by=by, now=now, subject=f"change:{change.pk}", title=change.title,
                what=what.name if what else _("something"),
            )  # fmt: skip
    return change


def remove_change(*, change: Change, by: Actor, now: dt.datetime) -> None:
    """It did not happen. Raises Refused for what a tool told: it would come again."""
    if change.key is not None:
        raise Refused(_("A tool told this: it stays."))
    with transaction.atomic():
        record(CHANGE_REMOVED, by=by, now=now, subject=f"change:{change.pk}", title=change.title)
        change.delete()


def set_release_window(
    *,
    days: str,
    starts: dt.time,
    ends: dt.time,
    zone: str,
    by: Actor,
    now: dt.datetime,
    component: Component | None = None,
    flow: Flow | None = None,
) -> ReleaseWindow:
    """Hours in which releases may happen. Raises Refused without a day, or for a component and a flow at once."""
    chosen = "".join(sorted(set(days) & set("1234567")))
    if not chosen:
        raise Refused(_("Choose at least one day."), field="days")
    if component is not None and flow is not None:
        raise Refused(_("Choose a part or a flow, not both."), field="flow")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise Refused(_("There is no such time zone."), field="zone") from None
    with transaction.atomic():
        row = ReleaseWindow.objects.create(
            days=chosen, starts=starts, ends=ends, zone=zone, component=component, flow=flow
        )
        record(RELEASE_WINDOW_SET, by=by, now=now, subject=f"release_window:{row.pk}", hours=_hours(row))
    return row


def remove_release_window(*, window: ReleaseWindow, by: Actor, now: dt.datetime) -> None:
    """These hours count no more. Raises Refused for hours from a file."""
    refuse_from_file(window)
    with transaction.atomic():
        record(RELEASE_WINDOW_REMOVED, by=by, now=now, subject=f"release_window:{window.pk}", hours=_hours(window))
        window.delete()


def _hours(row: ReleaseWindow) -> str:
    return f"{row.starts:%H:%M}–{row.ends:%H:%M} {row.zone}"
