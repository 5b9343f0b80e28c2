"""Moving in from another system: where from, what would be made, and who is on call by both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.moving import (
    answers_of,
    begin_from_file,
    begin_move,
    drop_move,
    mark_of,
    move_in,
)
from firstcall.ready.models.moving import Move, MoveState, System
from firstcall.ready.moving.systems import LARGEST, SYSTEMS
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.moving import preview, side_by_side, taken_of

NOUNS = {
    "person": gettext_lazy("People"),
    "schedule": gettext_lazy("Schedules"),
    "override": gettext_lazy("Who takes over for a while"),
    "path": gettext_lazy("Escalation paths"),
    "component": gettext_lazy("Parts of ours"),
    "way": gettext_lazy("Ways to be reached"),
}
ALREADY = (("schedule", "skipped"), ("schedule", "changed"))
HEADINGS = {
    "failed": gettext_lazy("Can’t be moved"),
    "removed": gettext_lazy("Would be removed"),
    "changed": gettext_lazy("Would be changed"),
    "made": gettext_lazy("Would be made"),
    "skipped": gettext_lazy("Left as it is"),
}
DONE_HEADINGS = {
    "failed": gettext_lazy("Could not be moved"),
    "removed": pgettext_lazy("moving in", "Removed"),
    "changed": pgettext_lazy("moving in", "Changed"),
    "made": pgettext_lazy("moving in", "Made"),
    "skipped": gettext_lazy("Left as it was"),
}
OPEN = ("changed", "removed")  # shown unfolded: it touches what is here


class MovingForm(forms.Form):
    """Where from, and by an address with a key or a file."""

    system = forms.ChoiceField(
        label=gettext_lazy("Where do you come from?"), choices=System.choices, widget=forms.RadioSelect
    )
    address = forms.CharField(
        label=gettext_lazy("Address of its API"), max_length=500, required=False,
        help_text=gettext_lazy(
            "Leave it empty for PagerDuty and Opsgenie, unless your account is in the EU "
            "(https://api.eu.pagerduty.com, https://api.eu.opsgenie.com). OnCall shows its own under Settings."
        ),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("A read-only key"), max_length=500, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "input"}),
        help_text=gettext_lazy("Used for this one reading, then forgotten. We only read; nothing changes there."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or a file"), required=False,
        help_text=gettext_lazy("A JSON file with what its API answers; the guide shows how to make one."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one noun."""

    title: str
    rows: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """All that fares alike, by noun."""

    what: str
    title: str
    count: int
    groups: tuple[Group, ...]
    open: bool


def _parts(lines: Iterable[Any], headings: dict[str, Any]) -> list[Part]:
    """`lines` as a page shows them: first what can't be moved, for somebody has to do something about it."""
    rows: dict[str, dict[str, list[Any]]] = {what: {} for what in headings}
    counts = dict.fromkeys(headings, 0)
    failed: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        counts[line["what"]] += 1
        row = {**line, "names": [line["name"]]}
        # What fails for the same reason is one row: a hundred telephones with the same app are one thing to know.
        same = failed.setdefault((line["noun"], repr(line["why"])), row) if line["what"] == "failed" else row
        if same is row:
            rows[line["what"]].setdefault(line["noun"], []).append(row)
        else:
            same["names"].append(line["name"])
    return [
        Part(
            what, str(headings[what]), counts[what],
            tuple(Group(str(title), tuple(by_noun[noun])) for noun, title in NOUNS.items() if noun in by_noun),
            what in OPEN,
        )
        for what, by_noun in rows.items()
        if by_noun
    ]  # fmt: skip


def _begun(request: HttpRequest, form: MovingForm) -> Move:
    """Raises Refused."""
    said, by, now = form.cleaned_data, actor_of(viewer_of(request)), clock.now()
    if said["file"] is not None:
        return begin_from_file(system=said["system"], body=said["file"].read(LARGEST + 1), by=by, now=now)
    address = said["address"] or SYSTEMS[said["system"]].address
    if not address:
        raise Refused(_("Give the address of its API, as OnCall shows it under Settings."), field="address")
    return begin_move(system=said["system"], address=address, key=said["key"], by=by, now=now)


@needs("administer")
@require_http_methods(["GET", "POST"])
def moving(request: HttpRequest) -> HttpResponse:
    """Choose a system, and give a key or a file; below, what was read before."""
    form = MovingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("move", _begun(request, form).pk)
        except Refused as refused:
            refuse(form, refused)
    moves = Move.objects.select_related("by").defer("taken", "answers", "report")[:20]
    context = {"form": form, "moves": moves}
    return render(request, "ready/moving/moving.html", context, status=422 if form.errors else 200)


@needs("administer")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: int) -> HttpResponse:
    """One reading: how far it is, what it would make, or what it made. Sixteen statements at most."""
    row, now = get_object_or_404(Move, pk=number), clock.now()
    if request.method == "POST":
        return _change(request, row)
    lines: Sequence[Any] = ()
    context: dict[str, Any] = {"move": row}
    if row.state == MoveState.READ:
        found = preview(row, now=now)
        context["mark"] = mark_of(found)
        context["unread"] = taken_of(row).unread
        context["can_compare"] = any((one.noun, one.what) in ALREADY for one in found)
        lines = [{"noun": one.noun, "name": one.name, "what": one.what, "why": one.why} for one in found]
    elif row.state == MoveState.DONE:
        lines = row.report
    else:
        context["answered"] = len(answers_of(row))
    context["parts"] = _parts(lines, DONE_HEADINGS if row.state == MoveState.DONE else HEADINGS)
    counts = {what: sum(line["what"] == what for line in lines) for what in HEADINGS}
    context["counts"] = {**counts, "does": counts["made"] + counts["changed"] + counts["removed"]}
    return render(request, "ready/moving/move.html", context)


def _change(request: HttpRequest, row: Move) -> HttpResponse:
    by, now = actor_of(viewer_of(request)), clock.now()
    try:
        if request.POST.get("do") == "drop":
            drop_move(move=row, by=by, now=now)
            messages.success(request, _("Nothing was moved, and what was read is forgotten."))
            return redirect("moving")
        move_in(move=row, seen=request.POST.get("seen", ""), by=by, now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Moved in. Nobody was woken, mailed or invited."))
    return redirect("move", row.pk)


@needs("administer")
@require_http_methods(["GET"])
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """Who is on call by the other system and by ours, until fourteen days after the reading."""
    row, now = get_object_or_404(Move, pk=number), clock.now()
    if not row.taken:
        raise Http404
    sides, until = side_by_side(row, now=now)
    differ = [side for side in sides if side.spells]
    unknown = [side for side in sides if side.schedule is None or not side.told]
    context = {"move": row, "sides": sides, "differ": differ, "unknown": unknown, "until": until, "over": until <= now}
    return render(request, "ready/moving/compare.html", context)
