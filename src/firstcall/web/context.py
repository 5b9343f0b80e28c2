"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstcall.journal.queries.entry import position_of_news
from firstcall.kernel import clock
from firstcall.people.rules.access import can
from firstcall.web.house import THEMES

SHEETS = [f"web/{name}.css" for name in ("tokens", "base", "room", "forms", "tables", "pieces", "pages")]
MENU = [
    (_("Now"), "now", "read"),
    (_("Incidents"), "incidents", "read"),
    (_("Flows"), "flows", "read"),
    (_("On call"), "oncall", "read"),
    (_("Alerts"), "alerts", "read"),
    (_("After"), "actions", "read"),
    (_("Status page"), "status_pages", "read"),
    (_("People"), "people", "administer"),
]


def house(request: HttpRequest) -> dict[str, Any]:
    """`now` for relative times, one reading for the whole page; the menu by what the person may do."""
    theme = request.GET.get("theme") or request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    known: dict[str, Any] = {
        "now": clock.now(),
        "theme": theme if theme in THEMES else "",
        "sheets": SHEETS,
        "zone_name": timezone.get_current_timezone_name().replace("_", " "),
    }
    if user is not None and user.is_authenticated:
        known["house_menu"] = _menu(request, str(user.access))
        known["call_url"] = reverse("call") if can(str(user.access), "support") else ""
        known["position"] = position_of_news()
    return known


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
