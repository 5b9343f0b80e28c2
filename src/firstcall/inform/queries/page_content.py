"""All that a status page shows, gathered from what was said publicly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.update import Audience, Update
from firstcall.inform.rules.status import INDICATOR, OVER, Said, Word, component_status, headline, page_status
from firstcall.people.queries.visibility import open_to_all

DAYS = 90


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def page_content(page: StatusPage, *, now: dt.datetime) -> dict[str, Any]:
    """Plain JSON: name, status, components and the incidents of 90 days with their updates, newest first.

    Three statements. Restricted and practice incidents never stand here: nothing public can be said of them.
    """
    components = list(page.components.select_related("flow"))
    called = {component.flow_id: component.name for component in components if component.flow_id}
    updates = (
        open_to_all(Update.objects.all(), field="incident")
        .filter(
            audience=Audience.PUBLIC,
            incident__practice=False,
            incident__opened_at__gte=now - dt.timedelta(days=DAYS),
        )
        .select_related("incident")
        .order_by("incident_id", "number")
    )
    stories: dict[int, list[Update]] = {}
    for update in updates:
        flow = update.incident.flow_id
        if flow is None or flow in called:
            stories.setdefault(update.incident_id, []).append(update)
    last = [story[-1] for story in stories.values()]
    said = [Said(word.state, word.severity, word.incident.flow_id) for word in last]
    parts = [
        {
            "id": str(component.pk),
            "name": component.name,
            "flow": component.flow_id,
            "status": component_status(component.flow_id, said),
        }
        for component in components
    ]
    return {
        "v": 1,
        "page": {
            "id": str(page.pk),
            "slug": page.slug,
            "name": page.name,
            "private": page.private,
            "since": _iso(page.since),
        },
        "at": _iso(now),
        "indicator": INDICATOR[page_status(said)],
        "open": any(word.state not in OVER for word in last),
        "components": parts,
        "incidents": [_incident(story, called) for _number, story in sorted(stories.items(), reverse=True)],
    }


def _incident(story: list[Update], called: Mapping[int, str]) -> dict[str, Any]:
    """`called`: what customers call each flow."""
    last, incident = story[-1], story[-1].incident
    over = last.state in OVER
    return {
        "id": str(incident.pk),
        "reference": incident.reference,
        "name": headline(
            [Word(update.state, update.text, update.holding) for update in story],
            part=called.get(incident.flow_id, "") if incident.flow_id else "",
        ),
        "state": last.state,
        "severity": last.severity,
        "flow": incident.flow_id,
        "started_at": _iso(incident.began),
        "worked": [[_iso(one.over), _iso(one.back)] for one in incident.returned],
        "over_at": _iso(last.at) if over else None,
        "next_due_at": None if over else _iso(last.next_due_at),
        "repair_at": None if over else _iso(last.repair_at),
        "updates": [
            {
                "id": f"{incident.pk}-{update.number}",
                "state": update.state,
                "text": update.text,
                "holding": update.holding,
                "at": _iso(update.at),
                "next_due_at": _iso(update.next_due_at),
            }
            for update in reversed(story)
        ],
    }
