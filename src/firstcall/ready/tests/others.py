"""What other systems answer, and servers on loopback that answer so.

The shapes are those of public sources: PagerDuty's Go client go-pagerduty (user.go, schedule.go, escalation_policy.go,
service.go; lists with `limit`, `offset` and `more`; layers with the highest first, as the migrator in grafana/oncall
notes), Opsgenie's Go client opsgenie-go-sdk-v2 (og/entity.go, schedule/result.go, contact/result.go,
escalation/result.go; lists with `paging.next`), and Grafana OnCall's own reference (docs/sources/oncall-api-reference:
users.md, schedules.md, on_call_shifts.md, escalation_policies.md; lists with `next`). All three answer 429 when asked
too fast, with Retry-After.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from firstcall.ready.moving.systems import read_answers
from firstcall.ready.rules.taken import Rota, Taken
from firstcall.ready.rules.turns import Turns
from firstcall.ready.rules.window import Window

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
# Who is on call in the two weeks from NOW on, in all three: turns of a week, handed over on Mondays at 09:00 in Berlin,
# and Cleo for a night.
FINAL = (
    ("Ada", "2026-11-20T22:00:00Z", "2026-11-23T08:00:00Z"),
    ("Ben", "2026-11-23T08:00:00Z", "2026-11-25T18:00:00Z"),
    ("Cleo", "2026-11-25T18:00:00Z", "2026-11-26T06:00:00Z"),
    ("Ben", "2026-11-26T06:00:00Z", "2026-11-30T08:00:00Z"),
    ("Ada", "2026-11-30T08:00:00Z", "2026-12-04T22:00:00Z"),
)
NAMES = ("Ada", "Ben", "Cleo")


def pd_layer(*users: str, **more: Any) -> dict[str, Any]:
    """A layer of PagerDuty with these users' numbers."""
    return {
        "id": "L1", "name": "Layer 1", "start": "2026-11-02T09:00:00+01:00", "end": None,
        "rotation_virtual_start": "2026-11-02T09:00:00+01:00", "rotation_turn_length_seconds": 604800,
        "users": [{"user": {"id": user, "type": "user_reference"}} for user in users or ("PAda", "PBen")],
        "restrictions": [], **more,
    }  # fmt: skip


def pd_schedule(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "S1", "type": "schedule", "name": "Primary", "time_zone": "Europe/Berlin",
        "schedule_layers": list(layers) or [pd_layer()], "overrides": [],
        "final_schedule": {"rendered_schedule_entries": []}, **more,
    }  # fmt: skip


def pd_policy(*rules: tuple[int, list[tuple[str, str]]], **more: Any) -> dict[str, Any]:
    return {
        "id": "E1", "name": "Payments", "num_loops": 0,
        "escalation_rules": [
            {"id": f"R{n}", "escalation_delay_in_minutes": wait,
             "targets": [{"id": origin, "type": f"{kind}_reference"} for kind, origin in targets]}
            for n, (wait, targets) in enumerate(rules)
        ], **more,
    }  # fmt: skip


PAGERDUTY: dict[str, Any] = {
    "users": [
        {
            "id": f"P{name}", "type": "user", "name": name, "email": f"{name}@Example.com", "role": "user",
            "time_zone": "Europe/Berlin",
            "contact_methods": [
                {"id": "C1", "type": "email_contact_method", "label": "Work", "address": f"{name.lower()}@example.com"},
                {"id": "C2", "type": "phone_contact_method", "country_code": 49, "address": f"305550{n}00"},
                {"id": "C3", "type": "sms_contact_method", "country_code": 49, "address": f"305550{n}00"},
                {"id": "C4", "type": "push_notification_contact_method", "label": "Phone", "address": "device-token"},
            ],
        }
        for n, name in enumerate(NAMES)
    ],
    "schedules": [
        pd_schedule(
            overrides=[{"id": "O1", "start": FINAL[2][1], "end": FINAL[2][2], "user": {"id": "PCleo"}}],
            final_schedule={
                "rendered_schedule_entries": [
                    {"start": starts, "end": ends, "user": {"id": f"P{who}", "summary": who}}
                    for who, starts, ends in FINAL
                ]
            },
        )
    ],
    "escalation_policies": [pd_policy((10, [("schedule", "S1")]), (15, [("user", "PCleo")]), num_loops=1)],
    "services": [
        {"id": "V1", "name": "Checkout", "status": "active", "escalation_policy": {"id": "E1", "summary": "Payments"}}
    ],
}  # fmt: skip


def og_rotation(*users: str, **more: Any) -> dict[str, Any]:
    """A rotation of Opsgenie with these users' numbers."""
    return {
        "id": "r1", "name": "Rota", "type": "weekly", "length": 1, "startDate": "2026-11-02T08:00:00Z",
        "participants": [{"type": "user", "id": user} for user in users or ("uAda", "uBen")], **more,
    }  # fmt: skip


def og_schedule(*rotations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "s1", "name": "Primary", "timezone": "Europe/Berlin", "enabled": True,
        "rotations": list(rotations) or [og_rotation()], "overrides": [],
        "timeline": {"finalTimeline": {"rotations": []}}, **more,
    }  # fmt: skip


def og_rule(delay: int, kind: str, origin: str, **more: Any) -> dict[str, Any]:
    return {
        "condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": delay, "timeUnit": "minutes"},
        "recipient": {"type": kind, "id": origin}, **more,
    }  # fmt: skip


OPSGENIE: dict[str, Any] = {
    "users": [
        {
            "id": f"u{name}", "username": f"{name}@Example.com", "fullName": name,
            "role": {"id": "User", "name": "User"}, "timeZone": "Europe/Berlin", "blocked": False,
            "contacts": [
                {"id": "c1", "method": "email", "to": f"{name.lower()}@example.com", "status": {"enabled": True}},
                {"id": "c2", "method": "voice", "to": f"49-305550{n}00", "status": {"enabled": True}},
                {"id": "c3", "method": "mobile", "to": "device-token", "status": {"enabled": True}},
            ],
        }
        for n, name in enumerate(NAMES)
    ],
    "schedules": [
        og_schedule(
            overrides=[
                {"alias": "o1", "user": {"type": "user", "id": "uCleo"}, "startDate": FINAL[2][1],
                 "endDate": FINAL[2][2], "rotations": [{"id": "r1", "name": "Rota"}]}
            ],
            timeline={
                "finalTimeline": {
                    "rotations": [
                        {"id": "r1", "name": "Rota", "order": 1.0, "periods": [
                            {"startDate": starts, "endDate": ends, "type": "default",
                             "recipient": {"type": "user", "id": f"u{who}", "name": f"{who.lower()}@example.com"}}
                            for who, starts, ends in FINAL
                        ]}
                    ]
                }
            },
        )
    ],
    "escalations": [
        {"id": "e1", "name": "Payments", "rules": [og_rule(0, "schedule", "s1"), og_rule(10, "user", "uCleo")],
         "repeat": {"waitInterval": 15, "count": 1}}
    ],
    "services": [{"id": "v1", "name": "Checkout", "teamId": "t1"}],
}  # fmt: skip


def oc_shift(**more: Any) -> dict[str, Any]:
    """A shift of OnCall: Ada and Ben by the week."""
    return {
        "id": "O1", "name": "Weeks", "type": "rolling_users", "team_id": None, "time_zone": None, "level": 1,
        "start": "2026-11-02T09:00:00", "rotation_start": "2026-11-02T09:00:00", "duration": 604800,
        "frequency": "weekly", "interval": 1, "until": None, "week_start": "MO", "by_day": None, "by_month": None,
        "by_monthday": None, "rolling_users": [["UAda"], ["UBen"]], "start_rotation_from_user_index": 0, **more,
    }  # fmt: skip


def oc_schedule(**more: Any) -> dict[str, Any]:
    return {
        "id": "S1", "name": "Primary", "type": "calendar", "time_zone": "Europe/Berlin", "shifts": ["O1"],
        "ical_url_overrides": None, "final_shifts": [], **more,
    }  # fmt: skip


def oc_step(position: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": f"E{position}", "escalation_chain_id": "F1", "position": position, "type": kind, **more}


ONCALL: dict[str, Any] = {
    "users": [
        {"id": f"U{name}", "email": f"{name.lower()}@example.com", "username": name, "role": "editor",
         "timezone": "Europe/Berlin"}
        for name in NAMES
    ],
    "schedules": [
        oc_schedule(
            shifts=["O1", "O2"],
            final_shifts=[
                {"user_pk": f"U{who}", "user_email": f"{who.lower()}@example.com", "user_username": who,
                 "shift_start": starts, "shift_end": ends}
                for who, starts, ends in FINAL
            ],
        )
    ],
    "on_call_shifts": [
        oc_shift(),
        {"id": "O2", "name": "Cleo’s night", "type": "override", "time_zone": "UTC", "start": "2026-11-25T18:00:00",
         "duration": 43200, "users": ["UCleo"]},
    ],
    "escalation_chains": [{"id": "F1", "name": "Payments", "team_id": None}],
    "escalation_policies": [
        oc_step(0, "notify_on_call_from_schedule", notify_on_call_from_schedule="S1", important=True),
        oc_step(1, "wait", duration=600),
        oc_step(2, "notify_persons", persons_to_notify=["UCleo"]),
        oc_step(3, "wait", duration=900),
    ],
}  # fmt: skip

WHOLE = {"pagerduty": PAGERDUTY, "opsgenie": OPSGENIE, "oncall": ONCALL}
KEYS = {"pagerduty": "Token token=reader", "opsgenie": "GenieKey reader", "oncall": "reader"}


def whole(system: str) -> dict[str, Any]:
    """All that a system answers, to be changed by a test."""
    return copy.deepcopy(WHOLE[system])


NINE, FIVE, MIDNIGHT = dt.time(9), dt.time(17), dt.time(0)
MONDAY = dt.date(2026, 11, 2)
OFFICE = frozenset({1, 2, 3, 4, 5})


def read(system: str, **more: Any) -> Taken:
    """What a system's answers amount to, with these lists in place of its own."""
    return read_answers(system, {**whole(system), **more}, now=NOW)


def rota(system: str, **more: Any) -> Rota:
    return read(system, **more).rotas[0]


def weeks(*members: str, **more: Any) -> Turns:
    return Turns(**{"members": members, "handover": NINE, "starts": MONDAY, "zone": "Europe/Berlin", **more})


def on(days: frozenset[int], starts: dt.time, ends: dt.time) -> tuple[Window, ...]:
    return (Window(days, starts, ends),)


class Fake:
    """A system on loopback: pages of one row, 429 once, and nothing without its key. `asked` are the paths."""

    def __init__(self, server: HTTPServer, system: str) -> None:
        self.system, self.body, self.asked = system, whole(system), list[str]()
        self.busy, self.url, self.refuses = 1, server.url_for("/").rstrip("/"), ""
        self.base = self.url
        server.expect_request(re.compile(".*"), method="GET").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if request.headers.get("Authorization") != KEYS[self.system]:
            return Response("no", 401)
        if len(self.asked) == 3 and self.busy:
            self.busy -= 1
            return Response("slowly", 429, headers={"Retry-After": "7"})
        if self.refuses and self.refuses in request.path:
            return Response("not in this plan", 403)
        answer: Callable[[Request], dict[str, Any] | None] = getattr(self, f"_{self.system}")
        found = answer(request)
        return Response(json.dumps(found) if found is not None else "?", 200 if found is not None else 404)

    def _row(self, name: str, origin: str) -> dict[str, Any]:
        return next(row for row in self.body[name] if row["id"] == origin)

    def _pagerduty(self, request: Request) -> dict[str, Any] | None:
        name, _slash, rest = request.path.strip("/").partition("/")
        if rest.endswith("/overrides"):
            return {"overrides": self._row(name, rest.partition("/")[0])["overrides"]}
        if rest:
            assert request.args["since"] == "2026-11-20T22:00:00Z"
            assert request.args["until"] == "2026-12-04T22:00:00Z"
            return {"schedule": {**self._row(name, rest), "overrides": None}}
        rows, at = self.body[name], int(request.args["offset"])
        if name == "schedules":
            rows = [{"id": row["id"], "name": row["name"]} for row in rows]
        step = int(request.args["limit"])
        # One row a page, at offsets that are counted in whole pages.
        return {
            name: rows[at // step : at // step + 1],
            "limit": step,
            "offset": at,
            "more": at // step + 1 < len(rows),
        }

    def _opsgenie(self, request: Request) -> dict[str, Any] | None:
        _version, name, *rest = request.path.strip("/").split("/")
        if rest:
            part = self._row(name, rest[0])[rest[1]]
            return {"data": part}
        rows = [
            {key: value for key, value in row.items() if key not in ("contacts", "overrides", "timeline")}
            for row in self.body[name]
        ]
        at = int(request.args.get("offset", "0"))
        more = {"next": f"{self.base}{request.path}?offset={at + 1}"} if at + 1 < len(rows) else {}
        return {"data": rows[at : at + 1], "paging": more}

    def _oncall(self, request: Request) -> dict[str, Any] | None:
        _api, _version, name, *rest = request.path.strip("/").split("/")
        rows = self._row(name, rest[0])["final_shifts"] if rest else self.body[name]
        if name == "schedules" and not rest:
            rows = [{key: value for key, value in row.items() if key != "final_shifts"} for row in rows]
        at = int(request.args.get("page", "1"))
        query = "&".join(f"{key}={value}" for key, value in request.args.items() if key != "page")
        following = f"{self.base}{request.path}?{query}&page={at + 1}" if at < len(rows) else None
        return {"count": len(rows), "next": following, "previous": None, "results": rows[at - 1 : at]}
