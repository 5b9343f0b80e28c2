"""The postmortem: story, numbers, findings, actions, cost and score on one page."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db import transaction
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
from firstcall.kernel.actor import Actor
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Gone, Refused
from firstcall.learn.commands.action import add_action, complete_action, move_action
from firstcall.learn.commands.postmortem import add_finding, change_story, close_review, draft_postmortem, story_mark
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Finding, Klass, Postmortem
from firstcall.learn.queries.action import open_actions
from firstcall.learn.queries.incident import harm_of, rows_of, score_of
from firstcall.learn.rules.cost import cost_of, users_hit
from firstcall.learn.rules.draft import questions
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people, person
from firstcall.people.rules.access import can
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for
from firstcall.respond.queries.lifeline import draw

PLACES = {"story": "#story", "finding": "#findings", "action": "#acts"}  # where what was sent stands


def _incident(request: HttpRequest, number: int) -> Incident:
    try:
        return incident_for(viewer=viewer_of(request), number=number)
    except Gone:
        raise Http404 from None


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.ENV["FIRSTCALL_ZONE"])


@needs("read", post="respond")
@require_http_methods(["GET", "POST"])
def postmortem(request: HttpRequest, number: int) -> HttpResponse:
    """One incident's postmortem, or the offer to begin it; its story, findings, actions and review.

    The page is one form: whatever button is pressed, all that was typed is kept, or all of it comes back with a reason.
    """
    incident, by, now = _incident(request, number), actor_of(viewer_of(request)), clock.now()
    row = Postmortem.objects.select_related("incident__flow").filter(incident=incident).first()
    if request.method != "POST":
        return _page(request, incident, row)
    do = request.POST.get("do", "")
    try:
        if row is None or do == "draft":
            draft_postmortem(incident=incident, by=by, now=now)
        else:
            with transaction.atomic():
                _change(request, row, do, by=by, now=now)
    except Refused as refused:
        return _page(request, incident, row and Postmortem.objects.get(pk=row.pk), refusal=refused)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('postmortem', args=[number])}{PLACES.get(do, '')}")


def _page(
    request: HttpRequest, incident: Incident, row: Postmortem | None, *, refusal: Refused | None = None
) -> HttpResponse:
    """The whole page; after a refusal with all that was typed."""
    now, viewer = clock.now(), viewer_of(request)
    harm = harm_of(incident, now=now)
    line = draw(incident, groups_of_incident(incident.pk, viewer=viewer), now=now, zone=get_current_timezone())
    context: dict[str, Any] = {
        "incident": incident,
        "postmortem": row,
        "cost": cost_of(harm),
        "users": users_hit(harm),
        "minutes": harm.minutes,
        "line": line,
        "scores": score_of(incident, now=now),
        "questions": questions(rows_of(incident, zone=_zone()), report_first=line.report_first),
        "klasses": Klass.choices,
        "people": active_people(),
        "today": now.astimezone(_zone()).date(),
        "can_respond": can(viewer.access, "respond"),
        "refusal": refusal,
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "given": request.POST,
    }
    if row is not None:
        seen = story_mark(row.story) if refusal is None or refusal.field == "story" else ""
        context["story"] = request.POST.get("story", row.story)
        context["story_was"] = seen or request.POST.get("story_was", "")
        context["findings"] = row.findings.prefetch_related("actions__owner")
        context["actions"] = row.actions.select_related("owner", "finding")
    return render(request, "learn/postmortem/postmortem.html", context, status=422 if refusal else 200)


def _change(request: HttpRequest, row: Postmortem, do: str, *, by: Actor, now: dt.datetime) -> None:
    sent = request.POST
    if do not in (*PLACES, "review"):
        raise Refused(_("Nothing was changed."))
    story, was = sent.get("story"), sent.get("story_was", "")
    if story is not None and story_mark(story) != was:
        change_story(postmortem=row, story=story, by=by, now=now, was=was)
    if do == "finding" or sent.get("text", "").strip() or sent.get("means", "").strip():
        add_finding(
            postmortem=row, text=sent.get("text", ""), klass=sent.get("klass", ""), means=sent.get("means", ""), by=by,
            now=now,
        )  # fmt: skip
    owner, finding = sent.get("owner", ""), number_in(sent.get("finding", "")) or 0
    if do == "action" or sent.get("what", "").strip() or owner or sent.get("due"):
        add_action(
            postmortem=row, what=sent.get("what", ""), owner=person(number_in(owner)),
            due=_day(sent.get("due", "")), by=by, now=now,
            finding=Finding.objects.filter(postmortem=row, pk=finding).first(),
        )  # fmt: skip
    if do == "review":
        close_review(postmortem=row, by=by, now=now)


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
        "can_respond": can(viewer.access, "respond"),
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
    try:
        if request.POST.get("done"):
            complete_action(action=row, by=by, now=now)
        elif day is None:
            raise Refused(_("Choose a day."), field="due")
        else:
            move_action(action=row, due=day, by=by, now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved."))
    return redirect("actions")
