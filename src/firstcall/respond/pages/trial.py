"""The page behind the link of a test page. Looking never acts; one button does."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.actor import Actor
from firstcall.people.pages.guard import public
from firstcall.respond.commands.trial import answer_trial
from firstcall.respond.pages.page import count_wrong, guarded, refuse_guessing
from firstcall.respond.queries.trial import trial_of_token


# As with a real page: the secret in the address is what acts, and there is no session to ride on.
@public("the secret in the link is the key: one person, one answer and nothing else")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """404 for every link that is wrong or older than a day."""
    refused = refuse_guessing(request)
    if refused is not None:
        return refused
    now = clock.now()
    row = trial_of_token(token, now=now)
    if row is None:
        count_wrong(request)
        raise Http404
    if request.method == "POST":
        answer_trial(trial=row, by=Actor("link", row.user_id, row.user.name), now=now)
        return guarded(HttpResponseRedirect(reverse("trial", args=[token])))
    return guarded(render(request, "respond/page/trial.html", {"trial": row}))
