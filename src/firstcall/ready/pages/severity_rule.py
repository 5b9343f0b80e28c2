"""The severity table, and changing one row of it after seeing in words what that does."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.journal.spoken import speak
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import Say
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.severity_rule import change_severity_rule
from firstcall.ready.pages.forms import SeverityRuleForm, refuse
from firstcall.ready.queries.severity import rules
from firstcall.ready.queries.severity_rule import history
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.ready.rules.severity_rule import ROLES, changes, fault_of, hour, mark_of


@needs("read")
@require_http_methods(["GET"])
def severities(request: HttpRequest) -> HttpResponse:
    """What each severity sets in motion, and who has changed that."""
    rows = [
        {"rule": rule, "roles": [_(ROLES[role]) for role in rule.roles if role in ROLES], **_hours(rule)}
        for rule in rules().values()
    ]
    context = {
        "rows": rows,
        "history": history(),
        "zone": settings.ENV["FIRSTCALL_ZONE"],
        "can_change": can(viewer_of(request).access, "administer"),
    }
    return render(request, "ready/severity/table.html", context)


@needs("administer")
@require_http_methods(["GET", "POST"])
def severity_edit(request: HttpRequest, number: int) -> HttpResponse:
    """One row. The first press shows what would change, the second keeps it."""
    before = rules().get(number)
    if before is None:
        raise Http404
    seen = request.POST.get("seen", mark_of(before))
    form = SeverityRuleForm(request.POST or None, initial={**asdict(before), "roles": list(before.roles)})
    told: tuple[Say, ...] | None = None
    if request.method == "POST" and form.is_valid():
        known: dict[str, Any] = {**form.cleaned_data, "roles": tuple(form.cleaned_data["roles"])}
        row = replace(before, **known)
        if request.POST.get("step") == "keep":
            try:
                change_severity_rule(row=row, seen=seen, by=actor_of(viewer_of(request)), now=clock.now())
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, _("Saved. It holds from now on, for open incidents too."))
                return redirect("severities")
        elif fault := fault_of(row, rules()):
            refuse(form, Refused(speak(fault[1]), field=fault[0]))
        else:
            told = changes(before, row)
    context = {
        "form": form,
        "number": number,
        "seen": seen,
        "told": None if told is None else [speak(one) for one in told],
        "history": history(number),
        "zone": settings.ENV["FIRSTCALL_ZONE"],
    }
    return render(request, "ready/severity/form.html", context, status=422 if form.errors else 200)


def _hours(rule: SeverityFacts) -> dict[str, str]:
    return {"start": hour(rule.waking_from), "end": hour(rule.waking_to)}
