"""What a status page's files say, from the page's content alone.

The JSON has the paths and names of Atlassian Statuspage's public API, version 2, so that tools which watch such pages
can watch ours. Source: its public API documentation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstcall.inform.rules.status import OVER
from firstcall.kernel.say import mark as _
from firstcall.respond.rules.impact import Return, Span, impact_spans

IMPACT = {1: "critical", 2: "major", 3: "minor", 4: "none"}
DESCRIPTION = {
    "none": _("Everything works, as far as we know."),
    "minor": _("Something works worse than usual."),
    "major": _("A part does not work for some."),
    "critical": _("A part does not work."),
}
WORDS = {
    "operational": _("Working"),
    "degraded_performance": _("Hurt"),
    "partial_outage": _("Failing for some"),
    "major_outage": _("Failing"),
}


def sentence(content: Mapping[str, Any]) -> str:
    """The one true sentence on top: the newest open incident's headline and any repair, else how things are."""
    open_ = [incident for incident in content["incidents"] if incident["state"] not in OVER]
    if not open_:
        return DESCRIPTION[content["indicator"]]
    if open_[0]["state"] == "monitoring":
        return _("{name}: a repair is in place, and we are watching that it holds.").format(name=open_[0]["name"])
    return f"{open_[0]['name']}."


@dataclass(frozen=True, slots=True)
class NextWord:
    """When the next update was promised, as an ISO instant; `late`: that time has passed without one."""

    at: str
    late: bool


def next_word(content: Mapping[str, Any], *, now: dt.datetime) -> NextWord | None:
    """The soonest promise of what is open; None when nothing is promised."""
    promised = [one["next_due_at"] for one in content["incidents"] if one["state"] not in OVER and one["next_due_at"]]
    if not promised:
        return None
    at = min(promised)
    return NextWord(at, dt.datetime.fromisoformat(at) <= now)


@dataclass(frozen=True, slots=True)
class Day:
    """A component's day: `minutes` of failure said publicly, None for a day before the page was published."""

    day: dt.date
    minutes: int | None


def days(content: Mapping[str, Any], *, now: dt.datetime) -> list[dict[str, Any]]:
    """For each component 90 days of failure minutes (UTC days), oldest first, with its share of time that was well.

    The share counts from the page's first day, and is empty while that is less than a day ago.
    """
    since = dt.datetime.fromisoformat(content["page"]["since"])
    return [_component_days(part, content["incidents"], since=since, now=now) for part in content["components"]]


def _component_days(
    part: Mapping[str, Any], incidents: list[dict[str, Any]], *, since: dt.datetime, now: dt.datetime
) -> dict[str, Any]:
    first = now.date() - dt.timedelta(days=89)
    minutes = dict.fromkeys((first + dt.timedelta(days=n) for n in range(90)), 0)
    for incident in incidents:
        if incident["severity"] == 4 or (incident["flow"] is not None and incident["flow"] != part["flow"]):
            continue
        _add_minutes(minutes, incident, now=now)
    minutes = {day: min(count, 24 * 60) for day, count in minutes.items()}
    failed = sum(minutes.values())
    midnight = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC)
    recorded = (now - max(since, midnight)).total_seconds() / 60
    share = f"{100 * max(0.0, 1 - failed / recorded):.2f}".rstrip("0").rstrip(".") if recorded >= 24 * 60 else ""
    return {
        "name": part["name"],
        "status": part["status"],
        "words": WORDS[part["status"]],
        "days": [Day(day, count if count or day >= since.date() else None) for day, count in minutes.items()],
        "bad": [Day(day, count) for day, count in minutes.items() if count],
        "share": share,
    }


def _add_minutes(minutes: dict[dt.date, int], incident: Mapping[str, Any], *, now: dt.datetime) -> None:
    for start, end in failed(incident, now=now):
        while start < end:
            midnight = dt.datetime.combine(start.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
            until = min(end, midnight)
            if start.date() in minutes:
                minutes[start.date()] += max(1, round((until - start).total_seconds() / 60))
            start = until


def failed(incident: Mapping[str, Any], *, now: dt.datetime) -> tuple[Span, ...]:
    """When an incident of the content failed: until the public was told that it is over, without the time in between
    when it worked, which a version made before that was kept does not know."""
    read = dt.datetime.fromisoformat
    returns = [Return(read(over), read(back), read(back)) for over, back in incident.get("worked", ())]
    return impact_spans(
        read(incident["started_at"]), read(incident["over_at"]) if incident["over_at"] else None, returns, now=now
    )


def json_files(content: Mapping[str, Any], *, base: str, now: dt.datetime) -> dict[str, Any]:
    """Statuspage's public files by path."""
    at = now.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    page = {"id": content["page"]["id"], "name": content["page"]["name"], "url": f"{base}/", "updated_at": at}
    status = {"indicator": content["indicator"], "description": DESCRIPTION[content["indicator"]]}
    components = [
        {
            "id": part["id"], "name": part["name"], "status": part["status"], "position": place, "description": None,
            "group": False, "group_id": None, "showcase": True, "only_show_if_degraded": False,
            "page_id": page["id"], "updated_at": content["at"],
        }
        for place, part in enumerate(content["components"], 1)
    ]  # fmt: skip
    incidents = [_incident(incident, components, content, base=base) for incident in content["incidents"]]
    unresolved = [incident for incident in incidents if incident["status"] != "resolved"]
    head = {"page": page}
    summary = head | {"components": components, "incidents": unresolved, "scheduled_maintenances": [], "status": status}
    return {
        "api/v2/summary.json": summary,
        "api/v2/status.json": head | {"status": status},
        "api/v2/components.json": head | {"components": components},
        "api/v2/incidents.json": head | {"incidents": incidents[:50]},
        "api/v2/incidents/unresolved.json": head | {"incidents": unresolved},
        "api/v2/scheduled-maintenances.json": head | {"scheduled_maintenances": []},
        "api/v2/scheduled-maintenances/upcoming.json": head | {"scheduled_maintenances": []},
        "api/v2/scheduled-maintenances/active.json": head | {"scheduled_maintenances": []},
    }


def _incident(
    incident: Mapping[str, Any], components: list[dict[str, Any]], content: Mapping[str, Any], *, base: str
) -> dict[str, Any]:
    flows = {part["id"]: part["flow"] for part in content["components"]}
    hit = [part for part in components if incident["flow"] in (None, flows[part["id"]])]
    affected = [{"code": part["id"], "name": part["name"]} for part in hit]
    updates = [
        {
            "id": update["id"], "incident_id": incident["id"], "status": _status(update["state"]),
            "body": update["text"], "display_at": update["at"], "created_at": update["at"], "updated_at": update["at"],
            "affected_components": affected,
        }
        for update in incident["updates"]
    ]  # fmt: skip
    watched = [update["at"] for update in incident["updates"] if update["state"] == "monitoring"]
    return {
        "id": incident["id"], "name": incident["name"], "status": _status(incident["state"]),
        "impact": IMPACT[incident["severity"]], "shortlink": f"{base}/", "started_at": incident["started_at"],
        "created_at": updates[-1]["created_at"], "updated_at": updates[0]["created_at"],
        "monitoring_at": watched[-1] if watched else None, "resolved_at": incident["over_at"],
        "page_id": content["page"]["id"], "incident_updates": updates, "components": hit,
    }  # fmt: skip


def _status(state: str) -> str:
    """Our states in Statuspage's words."""
    return {"triage": "investigating", "closed": "resolved"}.get(state, state)
