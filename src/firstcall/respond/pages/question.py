"""'What I want to know', and the answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.question import answer_question, ask_question
from firstcall.respond.pages.visit import done_in_room, room_of, sheet
from firstcall.respond.queries.question import question_for


@require_http_methods(["GET", "POST"])
@needs("read")
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Anyone who may see it may ask."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    refusal = None
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            ask_question(incident=incident, text=text, asked_by=viewer, by=actor_of(viewer), now=clock.now())
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("Asked. The answer comes by mail and onto the timeline."))
    return sheet(request, "respond/question/ask.html", incident, refusal=refusal)


@require_http_methods(["GET", "POST"])
@needs("respond")
def answer(request: HttpRequest, number: int, question: int) -> HttpResponse:
    incident = room_of(request, number)
    viewer = viewer_of(request)
    row = question_for(viewer=viewer, incident=number, number=question)
    if row is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        words = request.POST.get("answer", "")
        try:
            answer_question(question=row, answer=words, by=actor_of(viewer), now=clock.now())
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("Answered, by mail and on the timeline."))
    return sheet(request, "respond/question/answer.html", incident, refusal=refusal, question=row)
