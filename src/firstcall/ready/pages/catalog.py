"""What is prepared, as a file: get it, choose one, see what it would change, and only then apply it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.catalogs.form import form_of, read_any
from firstcall.ready.catalogs.graph import LARGEST, graphs_in
from firstcall.ready.catalogs.write import write_catalog
from firstcall.ready.commands.catalog import Plan, apply_catalog, plan_catalog
from firstcall.ready.commands.preview import drop_preview, keep_catalog
from firstcall.ready.models.preview import Preview, PreviewKind
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.catalog import catalog_items
from firstcall.ready.queries.preview import preview_of
from firstcall.ready.rules.catalog import SHAPES, Change, Problem

SOME, MANY = 20, 100  # rows of one sort before the rest is a number; what is wrong
KINDS = {
    "team": gettext_lazy("Teams"), "schedule": gettext_lazy("Schedules"), "path": gettext_lazy("Escalation paths"),
    "provider": gettext_lazy("Third parties"), "component": gettext_lazy("Parts of ours"),
    "flow": gettext_lazy("Flows"), "dependency": gettext_lazy("Who needs whom"),
    "customer": gettext_lazy("Customers"), "duty": gettext_lazy("Roles beforehand"),
    "release_window": gettext_lazy("When releases may happen"),
}  # fmt: skip


class CatalogForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("The file"), allow_empty_file=True,
        help_text=gettext_lazy("Ours (YAML, 2 MB), Backstage's catalog-info.yaml, or a service graph as JSON (5 MB)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )  # fmt: skip


@needs("prepare")
@require_http_methods(["GET", "POST"])
def catalog_new(request: HttpRequest) -> HttpResponse:
    """Choose a file. Nothing is applied yet."""
    form = CatalogForm(request.POST, request.FILES) if request.method == "POST" else CatalogForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = keep_catalog(
                body=file.read(LARGEST + 1), name=file.name or "", person=viewer_of(request), now=clock.now()
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("catalog", row.pk)
    return render(request, "ready/catalog/new.html", {"form": form}, status=422 if form.errors else 200)


@needs("prepare")
@require_safe
def catalog_export(_request: HttpRequest) -> HttpResponse:
    """What is there now, as `firstcall export` writes it."""
    answer = HttpResponse(write_catalog(catalog_items()), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="catalog.yaml"'
    return answer


def _planned(row: Preview, said: Any) -> tuple[Plan | None, list[Problem]]:
    """What applying it would do, by what was ticked; or what is wrong with the file."""
    items, adopt, problems = read_any(row.text.encode(), form=form_of(row.text), graph=said.get("graph", ""))
    if problems:
        return None, problems
    plan = plan_catalog(items=items, origin=row.name, adopt=adopt or said.get("adopt") == "yes")
    return plan, list(plan.problems)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def catalog(request: HttpRequest, number: int) -> HttpResponse:
    """What applying it would change; POST does it, when that is still what the person has seen."""
    row = preview_of(number, person=viewer_of(request), kind=PreviewKind.CATALOG)
    if row is None:
        messages.error(request, _("This preview has left: it was applied, or a day has passed. Choose the file again."))
        return redirect("catalog_new")
    said = request.POST if request.method == "POST" else request.GET
    plan, problems = _planned(row, said)
    if request.method == "POST" and plan is not None and not problems:
        try:
            if said.get("mark") != plan.mark:
                raise Refused(_("Meanwhile something else was changed. This is what the file would do now."))
            counts = apply_catalog(
                plan=plan, prune=said.get("prune") == "yes", by=actor_of(viewer_of(request)), now=clock.now()
            )
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            drop_preview(preview=row)
            messages.success(request, _("{made} made, {changed} changed, {removed} removed.").format(**counts))
            return redirect("flows")
    context = _context(row, plan, problems) | {"said": said, "graph": said.get("graph", "")}
    return render(request, "ready/catalog/preview.html", context, status=200 if request.method == "GET" else 422)


def _context(row: Preview, plan: Plan | None, problems: list[Problem]) -> dict[str, Any]:
    told = None if plan is None else plan.difference
    return {
        "preview": row, "plan": plan, "wrong": problems[:MANY], "more_wrong": max(0, len(problems) - MANY),
        "bad": len(problems), "taken": len(told.taken) if told else 0,
        "adopts": bool(told and any(change.adopted for change in told.changes)),
        "graphs": graphs_in(row.text.encode()) if form_of(row.text) == "graph" else [],
        "counts": {what: len(told.of(what)) if told else 0 for what in ("made", "changed", "same", "gone")},
        "sorts": [] if told is None else [
            (what, _kinds(told.of(what))) for what in ("changed", "made", "gone") if told.of(what)
        ],
    }  # fmt: skip


def _kinds(changes: list[Change]) -> list[dict[str, Any]]:
    """The rows of each kind, some of them by name."""
    found = []
    for shape in SHAPES:
        mine = [change for change in changes if change.item.kind == shape.kind]
        if mine:
            rows = [
                (change.item.key, change.adopted, [(name, _told(old), _told(new)) for name, old, new in change.fields])
                for change in mine[:SOME]
            ]
            found.append({"name": KINDS[shape.kind], "count": len(mine), "rows": rows, "more": len(mine) - len(rows)})
    return found


def _told(value: Any) -> str:
    """A fact in one short line."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " ".join(_told(one) for one in value.values() if one not in ("", None, ()))
    if isinstance(value, tuple):
        value = ", ".join(map(_told, value))
    text = " / ".join(str(value).splitlines()) if value not in ("", None) else _("nothing")
    return text if len(text) <= 100 else text[:99] + "…"


@require_POST
@needs("prepare")
def catalog_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Not this file."""
    row = preview_of(number, person=viewer_of(request), kind=PreviewKind.CATALOG)
    if row is not None:
        drop_preview(preview=row)
    return redirect("catalog_new")
