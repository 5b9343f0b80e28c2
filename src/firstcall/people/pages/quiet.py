"""One's own quiet hours."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.quiet import set_quiet
from firstcall.people.pages.forms import QuietForm
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of


@needs("read")
@require_POST
def quiet(request: HttpRequest) -> HttpResponse:
    """Set them; both left empty: none any more."""
    person, form = viewer_of(request), QuietForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Give the hours as 22:00 and 07:00, or leave both empty."))
        set_quiet(
            person=person, starts=form.cleaned_data["quiet_from"], ends=form.cleaned_data["quiet_to"],
            by=actor_of(person), now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved."))
    return redirect("profile")
