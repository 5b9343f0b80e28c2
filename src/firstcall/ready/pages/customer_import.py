"""Importing customers: a file or a paste, what it would do, and only then doing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.customer_import import import_customers
from firstcall.ready.commands.preview import choose_columns, drop_preview, keep_preview
from firstcall.ready.models.preview import Preview, PreviewKind
from firstcall.ready.pages.forms import refuse
from firstcall.ready.pages.preview_form import LEFT, TableForm
from firstcall.ready.queries.customer_import import bad_rows, plan_of, read_there, table_of, words
from firstcall.ready.queries.preview import preview_of
from firstcall.ready.rules.customer_import import COLUMNS, Bad, Entry

SHOWN = 50  # bad rows before the rest is only in the file
SOME = 20  # others
MOST_ENDED = 200  # at once


def _preview(request: HttpRequest, number: int) -> Preview | None:
    return preview_of(number, person=viewer_of(request), kind=PreviewKind.CUSTOMERS)


def _gone(request: HttpRequest) -> HttpResponse:
    messages.error(request, LEFT)
    return redirect("customer_import_new")


@needs("prepare")
@require_http_methods(["GET", "POST"])
def customer_import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file. Nothing is imported yet."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        body, name = form.body()
        try:
            row = keep_preview(body=body, name=name, person=viewer_of(request), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("customer_import", row.pk)
    names = [_(label) for label, _most, _aliases in COLUMNS.values()]
    context = {"form": form, "names": names}
    return render(request, "ready/customer/import_new.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def customer_import(request: HttpRequest, number: int) -> HttpResponse:
    """What importing would do; POST does it. Nine statements to look at it, however many rows."""
    row = _preview(request, number)
    if row is None:
        return _gone(request)
    if request.method == "POST":
        try:
            counts = import_customers(
                preview=row, mark=request.POST.get("mark", ""), good_only=request.POST.get("good_only") == "yes",
                end=_ticked(request), by=actor_of(viewer_of(request)), now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _done(counts))
            return redirect("customers")
    return render(request, "ready/customer/import.html", _context(row), status=200 if request.method == "GET" else 422)


def _ticked(request: HttpRequest) -> set[int]:
    """Who is to end; what is no number is nobody, and 0 is nobody's."""
    said = request.POST.getlist("end")[:MOST_ENDED]
    return {int(one) if one.isdecimal() and len(one) < 19 else 0 for one in said}


def _done(counts: dict[str, int]) -> str:
    words = _("Imported: {made} new, {changed} changed.").format(**counts)
    if counts["ended"]:
        words += " " + ngettext("One has ended.", "{n} have ended.", counts["ended"]).format(n=counts["ended"])
    if counts["left"]:
        left = ngettext("One row was left out.", "{n} rows were left out.", counts["left"])
        words += " " + left.format(n=counts["left"])
    return words


def _context(row: Preview) -> dict[str, Any]:
    table, plan = table_of(row), plan_of(row, read_there())
    samples = [
        next((one.cells[place] for one in table.rows if place < len(one.cells) and one.cells[place]), "")
        for place in range(len(row.columns))
    ]
    return {
        "preview": row, "plan": plan, "more_bad": max(0, len(plan.bad) - SHOWN),
        "changed": list(_changes(plan.changed[:SOME])), "more_changed": max(0, len(plan.changed) - SOME),
        "made": list(_changes(plan.made[:SOME])), "more_made": max(0, len(plan.made) - SOME), "rows": len(table.rows),
        "columns": list(zip(range(len(row.columns)), table.header.cells, samples, row.columns, strict=False)),
        "unnamed": plan.unnamed[:MOST_ENDED], "more_unnamed": max(0, len(plan.unnamed) - MOST_ENDED),
        "fields": [(name, _(label)) for name, (label, _most, _aliases) in COLUMNS.items()],
        "unread": [cell for cell, one in zip(table.header.cells, row.columns, strict=False) if not one],
        "reasons": [
            (one.line, _named(row, one), [words(w.field, w.sentence) for w in one.wrong]) for one in plan.bad[:SHOWN]
        ],
    }  # fmt: skip


def _named(row: Preview, one: Bad) -> str:
    """What the row says in the column of names, for finding it."""
    place = next((n for n, name in enumerate(row.columns) if name in ("name", "key")), len(one.cells))
    return one.cells[place] if place < len(one.cells) else ""


def _changes(entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    for entry in entries:
        facts = [(_(COLUMNS[name][0]), _told(old), _told(new)) for name, old, new in entry.fields]
        yield {"name": entry.name, "line": entry.line, "facts": facts, "people": [one.name for one in entry.people]}


def _told(value: Any) -> str:
    """A fact as a person reads it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        value = ", ".join(value)
    return _("nothing") if value in ("", None) else str(value)


@require_POST
@needs("prepare")
def customer_import_columns(request: HttpRequest, number: int) -> HttpResponse:
    """Another column for a field."""
    row = _preview(request, number)
    if row is None:
        return _gone(request)
    try:
        choose_columns(preview=row, columns=[request.POST.get(f"column-{n}", "") for n in range(len(row.columns))])
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("customer_import", number)


@require_POST
@needs("prepare")
def customer_import_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Not this file."""
    row = _preview(request, number)
    if row is not None:
        drop_preview(preview=row)
    return redirect("customer_import_new")


@require_safe
@needs("prepare")
def customer_import_bad(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that are not right with their reasons, as CSV to mend."""
    row = _preview(request, number)
    if row is None:
        raise Http404
    text = bad_rows(table_of(row).header.cells, plan_of(row, read_there()).bad)
    # With the mark of UTF-8 in front spreadsheets read names right.
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="customers-to-mend.csv"'
    return answer
