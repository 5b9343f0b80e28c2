"""The postmortem: story, numbers, findings, actions, cost and score on one page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.detect.queries.group import groups_of_incident
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel import clock
from firstcall.kernel.refusal import Gone, Refused
from firstcall.learn.commands.action import add_action, complete_action, move_action
from firstcall.learn.commands.postmortem import add_finding, change_story, close_review, draft_postmortem
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Finding, Klass, Postmortem
from firstcall.learn.queries.action import open_actions
from firstcall.learn.queries.incident import harm_of, rows_of, score_of
from firstcall.learn.rules.cost import cost_of, users_hit
from firstcall.learn.rules.draft import questions
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people, person
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for
from firstcall.respond.queries.lifeline import draw

PLACES = {"story": "#story", "finding": "#findings", "action": "#acts"}  # where what was sent stands


def _incident(request: HttpRequest, number: int) -> Incident:
    try:
        return incident_for(viewer=viewer_of(request), number=number)
    except Gone:
        raise Http404 from None


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return get_object_or_404(Postmortem.objects.select_related("incident__flow"), incident=_incident(request, number))


@needs("read")
@require_http_methods(["GET"])
def postmortem(request: HttpRequest, number: int) -> HttpResponse:
    """One incident's postmortem, or the offer to begin it."""
    incident, now = _incident(request, number), clock.now()
    row = Postmortem.objects.filter(incident=incident).first()
    harm = harm_of(incident, now=now)
    groups = groups_of_incident(incident.pk, viewer=viewer_of(request))
    line = draw(incident, groups, now=now, zone=get_current_timezone())
    context: dict[str, Any] = {
        "incident": incident,
        "postmortem": row,
        "cost": cost_of(harm),
        "users": users_hit(harm),
        "minutes": harm.minutes,
        "line": line,
        "scores": score_of(incident, now=now),
        "questions": questions(rows_of(incident, zone=organisation_zone()), report_first=line.report_first),
        "klasses": Klass.choices,
        "people": active_people(),
        "today": now.astimezone(organisation_zone()).date(),
    }
    if row is not None:
        context["findings"] = row.findings.prefetch_related("actions__owner")
        context["actions"] = row.actions.select_related("owner", "finding")
    return render(request, "learn/postmortem/postmortem.html", context)


@needs("respond")
@require_POST
def postmortem_change(request: HttpRequest, number: int) -> HttpResponse:
    """Begin it, change its story, add a finding or an action, close its review."""
    incident, by, now = _incident(request, number), actor_of(viewer_of(request)), clock.now()
    do = request.POST.get("do", "")
    try:
        if do == "draft":
            draft_postmortem(incident=incident, by=by, now=now)
        else:
            _change(request, _postmortem(request, number), do, by=by, now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved."))
    return redirect(f"{reverse('postmortem', args=[number])}{PLACES.get(do, '')}")


def _change(request: HttpRequest, row: Postmortem, do: str, *, by: Any, now: dt.datetime) -> None:
    sent = request.POST
    if do == "story":
        change_story(postmortem=row, story=sent.get("story", ""), by=by, now=now)
    elif do == "finding":
        add_finding(
            postmortem=row, text=sent.get("text", ""), klass=sent.get("klass", ""), means=sent.get("means", ""), by=by,
            now=now,
        )  # fmt: skip
    elif do == "action":
        owner, finding = sent.get("owner", ""), sent.get("finding", "")
        add_action(
            postmortem=row, what=sent.get("what", ""), owner=person(int(owner)) if owner.isdigit() else None,
            due=_day(sent.get("due", "")), by=by, now=now,
            finding=Finding.objects.filter(postmortem=row, pk=int(finding)).first() if finding.isdigit() else None,
        )  # fmt: skip
    elif do == "review":
        close_review(postmortem=row, by=by, now=now)
    else:
        raise Refused(_("Nothing was changed."))


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@needs("read")
@require_http_methods(["GET"])
def actions(request: HttpRequest) -> HttpResponse:
    """Everything that was promised after incidents and is not done yet, and the latest postmortems."""
    viewer, today = viewer_of(request), clock.now().astimezone(organisation_zone()).date()
    rows = open_actions(viewer=viewer)
    context = {
        "late": [row for row in rows if row.due < today],
        "coming": [row for row in rows if row.due >= today],
        "today": today,
    }
    return render(request, "learn/action/list.html", context)


@needs("respond")
@require_POST
def action_change(request: HttpRequest, number: int) -> HttpResponse:
    """Done, or another day."""
    row = get_object_or_404(Action.objects.select_related("postmortem"), pk=number)
    _incident(request, row.postmortem.incident_id)
    by, now = actor_of(viewer_of(request)), clock.now()
    day = _day(request.POST.get("due", ""))
    if request.POST.get("done"):
        complete_action(action=row, by=by, now=now)
    elif day is not None:
        move_action(action=row, due=day, by=by, now=now)
    messages.success(request, _("Saved."))
    return redirect("actions")
