"""Roles before the night: who would it be, naming them, and saying 'I take this'."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.journal.spoken import speak
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.duty import accept_duty, remove_duty, set_duty, words_of
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.pages.duty_form import DutyForm, initial_of
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.duty import Known, duties, duty_gaps, known_duties, people_of
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.duty import LASTS, is_accepted
from firstcall.ready.rules.severity import ALL_ROLES
from firstcall.ready.rules.severity_rule import ROLES

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cell:
    """Who would hold a role; `person` None: nobody."""

    role: str
    person: User | None
    accepted: bool
    reason: str


def _cells(known: Known, flow: Flow | None, roles: list[str], *, at: dt.datetime) -> list[Cell]:
    cells = []
    for role in roles:
        one = known.named(role, flow, at=at)
        person = None if one.user is None else known.people[one.user]
        cells.append(Cell(_(ROLES[role]), person, one.accepted, speak(one.reason)))
    return cells


def _groups(
    known: Known, places: list[Flow | None], roles: list[str], *, at: dt.datetime
) -> list[tuple[list[Flow | None], list[Cell]]]:
    """Flows with the same people together, in the order of the first of them."""
    found: list[tuple[list[Flow | None], list[Cell]]] = []
    for flow in places:
        cells = _cells(known, flow, roles, at=at)
        same = next((flows for flows, others in found if others == cells), None)
        if same is None:
            found.append(([flow], cells))
        else:
            same.append(flow)
    return found


@needs("read")
@require_http_methods(["GET"])
def duties_page(request: HttpRequest) -> HttpResponse:
    """Who would it be, by flow, at the moment asked for; the week's gaps; and everything that names somebody."""
    now, rows, plans = clock.now(), duties(), all_plans()
    moment, flows = _asked(request, now=now), list(flows_by_criticality())
    known = known_duties(plans=plans, rows=rows)
    asked = {role for row in rules().values() for role in row.roles}
    roles = [role for role in ALL_ROLES if role in asked]
    gaps = duty_gaps(now, now + WEEK, plans=plans, flows=flows)
    places: list[Flow | None] = [*flows] or [None]
    context = {
        "asked": moment,
        "now": now,
        "given": f"{moment.astimezone(get_current_timezone()):%Y-%m-%dT%H:%M}",
        "moments": _moments(now),
        "groups": _groups(known, places, roles, at=moment),
        "roles": [_(ROLES[role]) for role in roles],
        "gaps": [speak(gap.sentence) for gap in gaps[:12]],
        "more": max(0, len(gaps) - 12),
        "duties": [(row, words_of(row), _hours(row)) for row in rows],
        "can_prepare": can(viewer_of(request).access, "prepare"),
    }
    return render(request, "ready/duty/list.html", context)


def _hours(row: Duty) -> str:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    said = []
    for one in row.windows:
        days = ", ".join(names[int(day) - 1] for day in one["days"]) if len(one["days"]) < 7 else _("every day")
        said.append(days if one["from"] == one["to"] else f"{days} {one['from']}–{one['to']}")
    return "; ".join(said)


def _moments(now: dt.datetime) -> list[tuple[str, str]]:
    """The nights people ask about, by the reader's clock."""
    local = now.astimezone(get_current_timezone())
    saturday = local.date() + dt.timedelta(days=(5 - local.weekday()) % 7 or 7)
    return [
        (_("Now"), f"{local:%Y-%m-%dT%H:%M}"),
        (_("Tonight 23:00"), f"{local:%Y-%m-%d}T23:00"),
        (_("Saturday 03:00"), f"{saturday:%Y-%m-%d}T03:00"),
    ]


def _asked(request: HttpRequest, *, now: dt.datetime) -> dt.datetime:
    """The moment asked for, in the reader's zone; else now."""
    try:
        asked = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        asked = None
    if asked is None or not 2000 <= asked.year <= 2200:
        return now
    return (asked if asked.tzinfo else asked.replace(tzinfo=get_current_timezone())).astimezone(dt.UTC)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def duty_edit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Name somebody, or change who is named."""
    row = None if number is None else get_object_or_404(Duty, pk=number)
    form = DutyForm(request.POST or None, initial=initial_of(row, flow=request.GET.get("flow", "")))
    if request.method == "POST" and form.is_valid():
        try:
            set_duty(**form.said(), duty=row, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved. Whoever is named is asked by mail whether they take it."))
            return redirect("duties")
    return render(request, "ready/duty/form.html", {"form": form, "duty": row}, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["POST"])
def duty_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Nobody is named by it any more."""
    try:
        remove_duty(duty=get_object_or_404(Duty, pk=number), by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Removed."))
    return redirect("duties")


@needs("read")
@require_http_methods(["GET", "POST"])
def my_duties(request: HttpRequest) -> HttpResponse:
    """What one is named for, and 'I take this'."""
    person, now = viewer_of(request), clock.now()
    if request.method == "POST":
        row = get_object_or_404(Duty, pk=number_in(request.POST.get("duty", "")))
        try:
            accept_duty(duty=row, person=person, by=actor_of(person), now=now)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("It is yours. You are asked again in 90 days, or when it changes."))
        return redirect("my_duties")
    plans = {plan.schedule.pk: plan for plan in all_plans()}
    taken = dict(Acceptance.objects.filter(user=person).values_list("duty", "accepted_at"))
    mine = [row for row in duties() if person in people_of(row, plans)]
    lines: list[dict[str, Any]] = [
        {
            "duty": row, "what": words_of(row), "hours": _hours(row), "deputy": row.deputy == person,
            "schedule": row.schedule if row.user_id != person.pk else None,
            "accepted": is_accepted(at := taken.get(row.pk), at=now), "until": at and at + LASTS,
        }
        for row in mine
    ]  # fmt: skip
    for one in lines:
        if not one["accepted"]:
            one["first"] = True
            break
    context = {"lines": lines, "open": sum(not one["accepted"] for one in lines), "now": now}
    return render(request, "ready/duty/mine.html", context)
