"""What every template knows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstcall.deliver.auditor import silences
from firstcall.journal.queries.entry import position_of_news
from firstcall.kernel import clock
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import open_incidents
from firstcall.web.house import THEMES, theme_of

MENU = [
    (_("Now"), "now", "read"),
    (_("Incidents"), "incidents", "read"),
    (_("Flows"), "flows", "read"),
    (_("On call"), "oncall", "read"),
    (_("Readiness"), "readiness", "read"),
    (_("Alerts"), "alerts", "read"),
    (_("After"), "actions", "read"),
    (_("Status page"), "status_pages", "read"),
    (_("People"), "people", "administer"),
]
GRAVE = 2  # SEV1 and SEV2 follow the reader to every page


def house(request: HttpRequest) -> dict[str, Any]:
    """`now` for relative times, one reading for the whole page; the menu by what the person may do."""
    user = getattr(request, "user", None)
    zone, ours = timezone.get_current_timezone_name(), str(settings.ENV["FIRSTCALL_ZONE"])
    known: dict[str, Any] = {
        "now": clock.now(),
        "theme": theme_of(request),
        "themes": THEMES,
        "zone_key": zone,
        "zone_name": zone.replace("_", " "),
        "other_zone": "" if ours == zone else ours.replace("_", " "),
    }
    if isinstance(user, User):
        known["house_menu"] = _menu(request, str(user.access))
        known["call_url"] = reverse("call") if can(str(user.access), "support") else ""
        known["position"] = position_of_news()
        known["silences"] = silences(now=known["now"])
        known["strip"] = partial(_strip, request.path, user)
    return known


def _strip(path: str, viewer: User) -> Incident | None:
    """The gravest incident the reader may see, for pages that are about something else. Two statements, none on Now."""
    if path == reverse("now"):
        return None
    for incident in open_incidents(viewer=viewer):
        if incident.severity <= GRAVE and not incident.practice:
            return None if path.startswith(reverse("room", args=[incident.pk])) else incident
    return None


def _menu(request: HttpRequest, access: str) -> list[dict[str, Any]]:
    items = []
    for name, route, action in MENU:
        if not can(access, action):
            continue
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        current = request.path == url or (url != "/" and request.path.startswith(url))
        items.append({"name": name, "url": url, "current": current})
    return items
