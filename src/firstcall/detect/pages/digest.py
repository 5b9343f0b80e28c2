"""What waits: each line is answered, or carried over in somebody's name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from firstcall.detect.commands.digest import read_digest
from firstcall.detect.events import DIGEST_READ
from firstcall.detect.pages.group import MOST, WAITED, tabs
from firstcall.detect.queries.group import waiting_digest
from firstcall.detect.queries.provider_status import said_lately
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of


@require_http_methods(["GET", "POST"])
@needs("read", post="respond")
def digest(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if request.method == "POST":
        count = read_digest(reader=viewer, by=actor_of(viewer), now=clock.now())
        messages.success(
            request, ngettext("{n} line is carried over.", "{n} lines are carried over.", count).format(n=count)
        )
        return redirect("digest")
    groups = list(waiting_digest(viewer=viewer)[:MOST])
    context = {
        "groups": groups,
        "answers": WAITED,
        "providers": said_lately(now=clock.now()),
        "last_read": Entry.objects.filter(kind=DIGEST_READ.name).order_by("-id").first(),
        **tabs(viewer=viewer),
    }
    return render(request, "detect/digest/page.html", context)
