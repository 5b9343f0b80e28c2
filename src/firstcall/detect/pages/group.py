"""Alerts as people see them: groups, verdict first."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from firstcall.detect.commands.group import answer_group, close_group
from firstcall.detect.models.group import AlertGroup, Answer, Verdict
from firstcall.detect.models.source import Source
from firstcall.detect.queries.group import (
    dropped_lately,
    group_numbered,
    history_of,
    open_groups,
    over_lately,
    waiting_digest,
)
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of

MOST = 100
SHOWN = 30  # alerts of one group
USEFUL = (Answer.USEFUL, Answer.EARLY, Answer.LATE, Answer.NOISE)
WAITED = (Answer.FINE, Answer.MEND, Answer.SHOULD_PAGE)


def tabs(*, viewer: User) -> dict[str, object]:
    """What every page of this part shows at its head."""
    return {"waiting": waiting_digest(viewer=viewer).count()}


def found(number: int, *, viewer: User) -> AlertGroup:
    """The group; 404 when there is none, or when it is hidden from this person."""
    group = group_numbered(number, viewer=viewer)
    if group is None:
        raise Http404
    return group


@require_GET
@needs("read")
def alerts(request: HttpRequest) -> HttpResponse:
    now, viewer = clock.now(), viewer_of(request)
    opened = list(open_groups(viewer=viewer)[:MOST])
    context = {
        "paged": [group for group in opened if group.verdict == Verdict.PAGE],
        "others": [group for group in opened if group.verdict != Verdict.PAGE],
        "over": over_lately(viewer=viewer, now=now)[:20],
        "dropped": dropped_lately(viewer=viewer, now=now),
        "sources": Source.objects.filter(ended_at__isnull=True).count(),
        **tabs(viewer=viewer),
    }
    return render(request, "detect/alert/list.html", context)


@require_GET
@needs("read")
def alert(request: HttpRequest, number: int) -> HttpResponse:
    now, viewer = clock.now(), viewer_of(request)
    group = found(number, viewer=viewer)
    rows = group.alerts.select_related("source", "component", "heard").order_by("first_at", "id")
    members = list(rows[:SHOWN])
    first = next((row for row in members if row.verdict == group.verdict), members[0] if members else None)
    context = {
        "group": group,
        "alerts": members,
        "more": max(0, rows.count() - SHOWN),
        "steps": first.steps if first else [],
        "history": history_of(group, viewer=viewer, now=now, zone=get_current_timezone()),
        "answers": USEFUL if group.verdict == Verdict.PAGE else WAITED,
        **tabs(viewer=viewer),
    }
    return render(request, "detect/alert/page.html", context)


@require_POST
@needs("respond")
def answer(request: HttpRequest, number: int) -> HttpResponse:
    group = found(number, viewer=viewer_of(request))
    try:
        answer_group(
            group=group, answer=request.POST.get("answer", ""), by=actor_of(viewer_of(request)), now=clock.now()
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Kept: {answer}.").format(answer=Answer(group.answer).label))
    if request.POST.get("next") == "digest":
        return redirect("digest")
    return HttpResponseRedirect(reverse("alert", args=[group.pk]) + "#useful")


@require_POST
@needs("respond")
def close(request: HttpRequest, number: int) -> HttpResponse:
    group = found(number, viewer=viewer_of(request))
    try:
        close_group(group=group, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("It is over. What fires again from now on is news again."))
    return redirect("alert", group.pk)
