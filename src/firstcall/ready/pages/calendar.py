"""Addresses for calendar programmes, and calendars whose events are shifts."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, public, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.calendars.read import MOST_BYTES
from firstcall.ready.calendars.write import calendar_of
from firstcall.ready.commands.calendar import add_calendar, end_link, make_link
from firstcall.ready.models.calendar_link import CalendarLink
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.calendar import entries_of, link_of


class CalendarForm(forms.Form):
    """Where the shifts stand."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=120)
    url = forms.CharField(
        label=gettext_lazy("Its address"), max_length=2000, required=False,
        help_text=gettext_lazy("An iCal address (https://…). It is read again every hour."),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False)


@public("the address carries a secret of 128 bits that its owner can end")
@require_http_methods(["GET", "HEAD"])
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Shifts as text/calendar; 404 for an address that does not live."""
    now = clock.now()
    link = link_of(secret)
    if link is None:
        raise Http404
    name = link.schedule.name if link.schedule else _("On call: {name}").format(name=link.user.name)
    entries = entries_of(link, now=now)
    tag = hashlib.sha256(repr(entries).encode()).hexdigest()[:32]
    if request.headers.get("If-None-Match") == f'"{tag}"':
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(calendar_of(name, entries, now=now), content_type="text/calendar; charset=utf-8")
    answer["ETag"] = f'"{tag}"'
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@needs("read")
@require_http_methods(["GET", "POST"])
def calendar_links(request: HttpRequest) -> HttpResponse:
    """My addresses; a new one is shown this once."""
    viewer, now = viewer_of(request), clock.now()
    address, refusal = "", ""
    if request.method == "POST":
        number = number_in(request.POST.get("schedule", ""))
        schedule = None if number is None else get_object_or_404(Schedule, pk=number)
        try:
            secret = make_link(user=viewer, schedule=schedule, by=actor_of(viewer), now=now)
            address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
        except Refused as refused:
            refusal = refused.sentence
    context = {
        "links": viewer.calendar_links.select_related("schedule").filter(ended_at=None),
        "schedules": Schedule.objects.all(),
        "address": address,
        "refusal": refusal,
    }
    return render(request, "ready/schedule/links.html", context, status=422 if refusal else 200)


@needs("read")
@require_POST
def calendar_link_end(request: HttpRequest, number: int) -> HttpResponse:
    """One of my addresses shows nothing any more."""
    viewer = viewer_of(request)
    link = get_object_or_404(CalendarLink.objects.select_related("schedule"), pk=number, user=viewer)
    end_link(link=link, by=actor_of(viewer), now=clock.now())
    messages.success(request, _("It shows nothing any more."))
    return redirect("calendar_links")


@needs("prepare")
@require_http_methods(["GET", "POST"])
def calendar_new(request: HttpRequest, number: int) -> HttpResponse:
    """A layer that follows another calendar."""
    row = get_object_or_404(Schedule, pk=number)
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            add_calendar(
                schedule=row, name=form.cleaned_data["name"], url=form.cleaned_data["url"].strip(),
                body=None if sent is None else sent.read(MOST_BYTES + 1), by=actor_of(viewer_of(request)),
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The calendar is a layer now, below the others."))
            return redirect("schedule", row.pk)
    context = {"form": form, "schedule": row, "is_calendar": True}
    return render(request, "ready/schedule/form.html", context, status=422 if form.errors else 200)
