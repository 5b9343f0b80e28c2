"""One's own tokens for programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.token import DAYS, end_token, make_token
from firstcall.people.models.token import Scope
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.token import tokens_of


@needs("read")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Those that live, and a form for one more; its secret is shown in the answer and never again."""
    viewer, now, sent = viewer_of(request), clock.now(), request.POST
    refusal, secret = None, ""
    if request.method == "POST":
        try:
            _token, secret = make_token(
                person=viewer, name=sent.get("name", ""), scope=sent.get("scope", ""),
                days=number_in(sent.get("days", "")) or 0, by=actor_of(viewer), now=now,
            )  # fmt: skip
        except Refused as no:
            refusal = no
    context = {
        "tokens": tokens_of(viewer, now=now), "secret": secret, "scopes": Scope.choices, "days": DAYS, "given": sent,
        "now": now, "refused": {} if refusal is None else {refusal.field: refusal.sentence},
    }  # fmt: skip
    return render(request, "people/tokens.html", context, status=422 if refusal else 200)


@needs("read")
@require_POST
def token_end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own."""
    viewer, now = viewer_of(request), clock.now()
    token = tokens_of(viewer, now=now).filter(pk=number).first()
    if token is None:
        raise Http404
    end_token(token=token, by=actor_of(viewer), now=now)
    messages.success(request, _("%(name)s opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
