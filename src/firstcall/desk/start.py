"""The way to a first night: a sketch, two people, one path, one test page. What is done is read off what is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstcall.desk.first_path import make_first_path
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.invitation import invite
from firstcall.people.commands.person import change_profile
from firstcall.people.commands.setup import checked_phone
from firstcall.people.models.user import Access, User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.ready.commands.sketch import keep_sketch
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.sketch import open_questions
from firstcall.ready.rules.sketch import SKETCHES, sketch_called
from firstcall.respond.commands.trial import send_trial
from firstcall.respond.models.trial import Trial
from firstcall.respond.queries.trial import answered_trials, last_trials

ELSEWHERE = ("catalog", "moving")  # other ways to begin, offered where there are such pages


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way: its page, and what is there already in words ('' while it is open)."""

    route: str
    title: str
    why: str
    done: str


class Way:
    """The four stages as they stand for one person, each read when it is asked for."""

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer

    @cached_property
    def people(self) -> list[User]:
        return active_people()

    @cached_property
    def stages(self) -> list[Stage]:
        flows, path = list(flows_by_criticality()), EscalationPath.objects.first()
        at = answered_trials([self.viewer]).get(self.viewer.pk)
        names = ", ".join(flow.name for flow in flows[:3]) + (" …" if len(flows) > 3 else "")
        team = ", ".join(person.name for person in self.people[:3])
        return [
            Stage("start_business", _("What must not stop"), _("For the night something breaks: what is it?"), names),
            Stage(
                "start_people", _("Two people"), _("For the night one of you sleeps through it."),
                team if len(self.people) > 1 else "",
            ),
            Stage(
                "start_path", _("One path"), _("For the night nobody answers: who is next?"),
                path.name if path else "",
            ),
            Stage(
                "start_trial", _("One test page"), _("For the night your telephone is silent by mistake."),
                _("You answered one.") if at else "",
            ),
        ]  # fmt: skip

    @property
    def next(self) -> Stage | None:
        """The first stage that is open."""
        return next((one for one in self.stages if not one.done), None)

    def after(self, route: str) -> str:
        """The address of the next open stage behind this one, else of the list."""
        routes = [one.route for one in self.stages]
        later = self.stages[routes.index(route) + 1 :]
        return reverse(next((one.route for one in later if not one.done), "start"))


def _elsewhere() -> dict[str, str]:
    found = {}
    for name in ELSEWHERE:
        try:
            found[name] = reverse(name)
        except NoReverseMatch:
            continue
    return found


def _no_mail() -> bool:
    """Whether no mail server is named, so that invitations and pages by mail wait."""
    return not settings.ENV["EMAIL_URL"]


@require_safe
@needs("prepare")
def start(request: HttpRequest) -> HttpResponse:
    """What is done, what is next, and what is still open, each with the night it is for."""
    way = Way(viewer_of(request))
    context = {"way": way, "questions": open_questions(), "elsewhere": _elsewhere(), "no_mail": _no_mail()}
    return render(request, "desk/start/start.html", context)


@require_safe
@needs("prepare")
def business(request: HttpRequest) -> HttpResponse:
    """Which kind of business it is."""
    way = Way(viewer_of(request))
    context = {"sketches": SKETCHES, "skip": way.after("start_business"), "elsewhere": _elsewhere()}
    return render(request, "desk/start/business.html", context)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def sketch(request: HttpRequest, key: str) -> HttpResponse:
    """Its flows, parts and providers, to keep, rename or strike out."""
    found, refused = sketch_called(key), None
    if found is None:
        raise Http404
    if request.method == "POST":
        names = {one: request.POST.get(f"name-{one}", "") for one in found.keys if request.POST.get(f"keep-{one}")}
        try:
            made = keep_sketch(sketch=found, names=names, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(
                request, _("Kept. Each says 'sketch' until you say that it is so.") if made else _("Kept.")
            )
            return redirect(Way(viewer_of(request)).after("start_business"))
    groups = [
        (_("Flows: what your users do"), found.flows, True),
        (_("Third parties you need"), found.providers, True),
        (_("Parts of yours"), found.parts, False),
    ]
    context = {
        "sketch": found,
        "groups": [(title, [_row(request, one) for one in rows], is_open) for title, rows, is_open in groups],
        "refused": refused,
    }
    return render(request, "desk/start/sketch.html", context, status=422 if refused else 200)


def _row(request: HttpRequest, one: object) -> dict[str, object]:
    """A line of the form as it was sent, or as suggested."""
    key, name = str(getattr(one, "key", "")), _(str(getattr(one, "name", "")))
    sent = request.method == "POST"
    note = getattr(one, "stops", "") or getattr(one, "ring", "")
    return {
        "key": key,
        "label": name,
        "name": request.POST.get(f"name-{key}", "") if sent else name,
        "keep": bool(request.POST.get(f"keep-{key}")) if sent else True,
        "note": _(note) if note else "",
    }


@needs("prepare", post="administer")
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """My telephone, and one more person, invited by mail."""
    viewer, given, refused = viewer_of(request), request.POST, None
    if request.method == "POST":
        by, now = actor_of(viewer), clock.now()
        try:
            mine = checked_phone(given.get("my_phone", ""), field="my_phone")
            with transaction.atomic():
                person = invite(
                    name=given.get("name", ""), email=given.get("email", ""), phone=given.get("phone", ""),
                    access=Access.RESPONDER, zone=viewer.zone, by=by, now=now,
                )  # fmt: skip
                change_profile(person=viewer, name=viewer.name, phone=mine, zone=viewer.zone, by=by, now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("%(name)s is invited by mail.") % {"name": person.name})
            return redirect(Way(viewer).after("start_people"))
    way = Way(viewer)
    context = {
        "given": given or {"my_phone": viewer.phone}, "refused": refused, "people": way.people,
        "skip": way.after("start_people"), "no_mail": _no_mail(),
    }  # fmt: skip
    return render(request, "desk/start/people.html", context, status=422 if refused else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def path(request: HttpRequest) -> HttpResponse:
    """One tap: two people take weeks in turn, and a path that asks the other when the first does not answer."""
    viewer = viewer_of(request)
    way, refused = Way(viewer), None
    others = [one for one in way.people if one.pk != viewer.pk]
    if request.method == "POST":
        other = next((one for one in others if str(one.pk) == request.POST.get("other")), None)
        try:
            make_first_path(first=viewer, second=other, by=actor_of(viewer), now=clock.now())
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("The path stands. Every flow without one goes along it."))
            return redirect(Way(viewer).after("start_path"))
    context = {
        "others": others,
        "refused": refused,
        "path": EscalationPath.objects.first(),
        "skip": way.after("start_path"),
    }
    return render(request, "desk/start/path.html", context, status=422 if refused else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    """Send me a page marked as a test, and show when I answered."""
    viewer = viewer_of(request)
    if request.method == "POST":
        try:
            send_trial(user=viewer, by=actor_of(viewer), now=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        return redirect("start_trial")
    rows = [(one, _took(one)) for one in last_trials(viewer)]
    answered = any(one.answered_at for one, _seconds in rows)
    context = {"trials": rows, "answered": answered, "no_mail": _no_mail()}
    return render(request, "desk/start/trial.html", context)


def _took(trial: Trial) -> int | None:
    """Seconds from planning to the answer."""
    taken: dt.timedelta | None = trial.answered_at - trial.planned_at if trial.answered_at else None
    return None if taken is None else max(0, int(taken.total_seconds()))
