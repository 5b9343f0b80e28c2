"""The change calendar: what was changed when, against the peaks, and when changes may happen."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.change import note_change, remove_change, remove_release_window, set_release_window
from firstcall.ready.models.change import Change, ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.pages.forms import DAYS, clock_input, moment_input, refuse
from firstcall.ready.queries.change import change_calendar


class ChangeForm(forms.Form):
    """What was changed; the time is by the reader's clock."""

    title = forms.CharField(label=gettext_lazy("What was changed, or will be"), max_length=200)
    at = forms.DateTimeField(label=gettext_lazy("When"), widget=moment_input())
    component = forms.ModelChoiceField(
        label=gettext_lazy("Which part"), queryset=Component.objects.all(), required=False,
        empty_label=gettext_lazy("not one alone"),
    )  # fmt: skip
    flow = forms.ModelChoiceField(
        label=gettext_lazy("Or which flow"), queryset=Flow.objects.all(), required=False,
        empty_label=gettext_lazy("not one alone"),
    )  # fmt: skip
    link = forms.CharField(label=gettext_lazy("Link"), max_length=500, required=False)


class ReleaseWindowForm(forms.Form):
    """When releases may happen, by the organisation's clock."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), choices=DAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    starts = forms.TimeField(label=gettext_lazy("From"), widget=clock_input())
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=clock_input())
    component = forms.ModelChoiceField(
        label=gettext_lazy("For which part"), queryset=Component.objects.all(), required=False,
        empty_label=gettext_lazy("all"),
    )  # fmt: skip
    flow = forms.ModelChoiceField(
        label=gettext_lazy("Or for which flow"), queryset=Flow.objects.all(), required=False,
        empty_label=gettext_lazy("all"),
    )  # fmt: skip

    def clean_days(self) -> str:
        return "".join(self.cleaned_data["days"])


def _page(
    request: HttpRequest, *, form: forms.Form | None = None, window_form: forms.Form | None = None
) -> HttpResponse:
    zone = settings.ENV["FIRSTCALL_ZONE"]
    now = clock.now()
    days = change_calendar(now=now, zone=zone)
    context: dict[str, Any] = {
        "days": days,
        "flagged": sum(bool(one.wrong) for day in days for one in day.changes),
        "count": sum(len(day.changes) for day in days),
        "zone": zone,
        "now": now,
        "windows": ReleaseWindow.objects.select_related("component", "flow"),
        "day_names": DAYS,
        "form": form or ChangeForm(initial={"at": now.astimezone(ZoneInfo(zone))}),
        "window_form": window_form or ReleaseWindowForm(prefix="window"),
        "can_prepare": can(viewer_of(request).access, "prepare"),
        "open": "change" if form else "window" if window_form else "",
    }
    return render(request, "ready/change/calendar.html", context, status=422 if context["open"] else 200)


@needs("read", post="prepare")
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """Two weeks; POST notes a change by hand."""
    if request.method != "POST":
        return _page(request)
    form = ChangeForm(request.POST)
    if form.is_valid():
        try:
            change = note_change(**form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Noted: {title}.").format(title=change.title))
            return redirect("changes")
    return _page(request, form=form)


@require_POST
@needs("prepare")
def change_remove(request: HttpRequest, number: int) -> HttpResponse:
    change = get_object_or_404(Change, pk=number)
    try:
        remove_change(change=change, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("changes")


@require_POST
@needs("prepare")
def release_window_new(request: HttpRequest) -> HttpResponse:
    form = ReleaseWindowForm(request.POST, prefix="window")
    if form.is_valid():
        try:
            set_release_window(
                **form.cleaned_data, zone=settings.ENV["FIRSTCALL_ZONE"], by=actor_of(viewer_of(request)),
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("changes")
    return _page(request, window_form=form)


@require_POST
@needs("prepare")
def release_window_remove(request: HttpRequest, number: int) -> HttpResponse:
    window = get_object_or_404(ReleaseWindow, pk=number)
    try:
        remove_release_window(window=window, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("changes")
