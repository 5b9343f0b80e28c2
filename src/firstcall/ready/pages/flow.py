"""The register of flows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.journal.spoken import organisation_zone, speak
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.component import add_component, add_dependency, add_provider, remove_dependency
from firstcall.ready.commands.flow import change_flow, register_flow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.pages.component import component_page
from firstcall.ready.pages.forms import FlowForm, NeedsForm, refuse
from firstcall.ready.queries.flow import flow_called, flows_by_criticality
from firstcall.ready.queries.map_picture import known_names
from firstcall.ready.queries.path import path_of
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.waking import decide_waking

SOME = 8  # customers on the page of a flow
FORM_FIELDS = (
    "name", "criticality", "stops", "cost_per_hour", "cost_per_hour_most", "users_per_hour", "transactions_per_hour",
    "stakes", "peak_from", "peak_to", "workaround", "owner", "technical_owner", "team", "path", "words_customers",
    "words_support", "first_steps", "first_steps_link",
)  # fmt: skip


@needs("read")
@require_http_methods(["GET"])
def flows(request: HttpRequest) -> HttpResponse:
    """Every flow, the most critical first. Two statements of its own."""
    uses = Customer.flows.through.objects.filter(flow=OuterRef("pk")).order_by().values("flow")
    rows = flows_by_criticality().annotate(
        used_by=Coalesce(Subquery(uses.values_list(Count("pk"))), 0), needed=Count("needs")
    )
    return render(
        request, "ready/flow/list.html", {"flows": rows, "can_prepare": can(viewer_of(request).access, "prepare")}
    )


@needs("prepare")
@require_http_methods(["GET", "POST"])
def flow_new(request: HttpRequest) -> HttpResponse:
    """Register a flow."""
    form = FlowForm(request.POST or None, initial={"criticality": "critical"})
    if request.method == "POST" and form.is_valid():
        try:
            flow = register_flow(**form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is registered. Now say what it needs.") % {"name": flow.name})
            return redirect("flow", flow.slug)
    return render(request, "ready/flow/form.html", {"form": form}, status=422 if form.errors else 200)


@needs("read")
@require_http_methods(["GET"])
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    """One flow: what it costs, what it needs, who owns it, what is prepared."""
    row = flow_called(slug)
    if row is None:
        raise Http404
    may = can(viewer_of(request).access, "prepare")
    return render(request, "ready/flow/flow.html", {**_flow_context(row, NeedsForm()), "may_confirm": may})


def _flow_context(row: Flow, form: NeedsForm) -> dict[str, Any]:
    now, zone = clock.now(), organisation_zone()
    return {
        "flow": row,
        "needs": row.needs.select_related("component__owner", "provider"),
        "customers": row.customers.order_by("-contract", "name")[:SOME],
        "used_by": row.customers.count(),
        "form": form,
        "woken": [
            {
                "severity": severity,
                "path": path_of(row, severity),
                "nobody": rule.wakes == "never",
                "wakes": speak(decide_waking(rule, now=now, zone=zone).reason),
            }
            for severity, rule in rules().items()
        ],
        "paths": EscalationPath.objects.all(),
        "known": known_names(),
    }


@needs("prepare")
@require_http_methods(["GET", "POST"])
def flow_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a flow's facts."""
    row = flow_called(slug)
    if row is None:
        raise Http404
    initial = {name: getattr(row, name) for name in FORM_FIELDS} | {"peak_days": list(row.peak_days)}
    form = FlowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_flow(flow=row, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("flow", row.slug)
    return render(request, "ready/flow/form.html", {"form": form, "flow": row}, status=422 if form.errors else 200)


@needs("prepare")
@require_POST
def flow_needs(request: HttpRequest, slug: str) -> HttpResponse:
    """Note what a flow needs."""
    row, form = flow_called(slug), NeedsForm(request.POST)
    if row is None:
        raise Http404
    if _add_need(request, form, row):
        return redirect("flow", row.slug)
    return render(request, "ready/flow/flow.html", {**_flow_context(row, form), "may_confirm": True}, status=422)


def _add_need(request: HttpRequest, form: NeedsForm, needing: Flow | Component) -> bool:
    """Whether it is noted; if not, the form says why, and no part was made for it."""
    if not form.is_valid():
        return False
    said, by, now = form.cleaned_data, actor_of(viewer_of(request)), clock.now()
    try:
        with transaction.atomic():
            needed = _needed(said["kind"], said["name"].strip(), by=by, now=now)
            add_dependency(
                needs=needing, needed=needed, hard=said["hard"] == "yes", fallback=said["fallback"], how=said["how"],
                tested=said["tested"], by=by, now=now,
            )  # fmt: skip
    except Refused as refused:
        refuse(form, refused)
        return False
    messages.success(request, _("Noted: it needs %(name)s.") % {"name": needed.name})
    return True


def _needed(kind: str, name: str, *, by: Any, now: Any) -> Component | Provider:
    """The part of this name, made when it is not there yet. Raises Refused when it is there as the other kind."""
    part = Component.objects.filter(name__iexact=name).first()
    provider = Provider.objects.filter(name__iexact=name).first()
    if kind == "provider":
        if provider is None and part is not None:
            raise Refused(_("%(name)s is a part of ours. Choose that, or another name.") % {"name": name}, field="kind")
        return provider or add_provider(name=name, by=by, now=now)
    if part is None and provider is not None:
        raise Refused(_("%(name)s is a third party. Choose that, or another name.") % {"name": name}, field="kind")
    return part or add_component(name=name, by=by, now=now)


@needs("prepare")
@require_POST
def component_needs(request: HttpRequest, slug: str) -> HttpResponse:
    """Note what a component needs."""
    row, form = get_object_or_404(Component, slug=slug), NeedsForm(request.POST)
    if _add_need(request, form, row):
        return redirect("component", row.slug)
    return component_page(request, row, form, status=422)


@needs("prepare")
@require_POST
def need_remove(request: HttpRequest, number: int) -> HttpResponse:
    """It is needed no more."""
    row = get_object_or_404(Dependency.objects.select_related("flow", "from_component"), pk=number)
    back = ("flow", row.flow.slug) if row.flow else ("component", row.from_component.slug if row.from_component else "")
    try:
        remove_dependency(dependency=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Removed."))
    return redirect(*back)
