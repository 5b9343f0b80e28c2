"""Status pages: made and changed by people inside, read and subscribed to by people outside."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from firstcall.inform.commands.status_page import Part, change_page, make_page
from firstcall.inform.commands.subscriber import ask_to_subscribe, confirm, end
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.publish import root
from firstcall.kernel import clock
from firstcall.kernel.ids import digest
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, public, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
}


def _secret(answer: HttpResponse) -> HttpResponse:
    """The address of this page is a key: it is not to be kept or passed on."""
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    return answer


@needs("read")
@require_http_methods(["GET"])
def status_pages(request: HttpRequest) -> HttpResponse:
    """Every page with its parts and how many it reaches. Two statements."""
    living = Q(subscribers__confirmed_at__isnull=False, subscribers__ended_at__isnull=True)
    pages = StatusPage.objects.annotate(reached=Count("subscribers", filter=living)).prefetch_related("components")
    context = {"pages": pages, "can_prepare": can(viewer_of(request).access, "prepare"), "base": settings.BASE_URL}
    return render(request, "inform/page/list.html", context)


@needs("read")
@require_http_methods(["GET"])
def private_page(_request: HttpRequest, slug: str, path: str = "index.html") -> HttpResponse:
    """A private page's published files, for people with an account."""
    page = get_object_or_404(StatusPage, slug=slug, private=True)
    folder = (root(private=True) / page.slug / "current").resolve()
    file = (folder / (path or "index.html")).resolve()
    kind = TYPES.get(file.suffix)
    if kind is None or not file.is_relative_to(folder) or not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type=kind, headers={"Cache-Control": "private, no-store"})


def _parts(request: HttpRequest, flows: list[Flow]) -> list[Part]:
    return [
        (request.POST.get(f"name_{flow.pk}", "").strip() or flow.name, flow)
        for flow in flows
        if request.POST.get(f"flow_{flow.pk}")
    ]


@needs("prepare")
@require_http_methods(["GET", "POST"])
def status_page_edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Make a page or change one: its name, and the flows customers see on it under which names."""
    page = get_object_or_404(StatusPage, slug=slug) if slug else None
    flows = list(flows_by_criticality())
    named = {part.flow_id: part.name for part in page.components.all()} if page else {}
    name = request.POST.get("name", page.name if page else "")
    refused: Refused | None = None
    if request.method == "POST":
        by, now = actor_of(viewer_of(request)), clock.now()
        try:
            if page is None:
                private = bool(request.POST.get("private"))
                make_page(name=name, parts=_parts(request, flows), private=private, by=by, now=now)
            else:
                change_page(page=page, name=name, parts=_parts(request, flows), by=by, now=now)
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("Published."))
            return redirect("status_pages")
    rows = [
        {"flow": flow, "on": flow.pk in named or page is None, "name": named.get(flow.pk, flow.name)} for flow in flows
    ]
    context = {
        "page": page, "rows": rows, "name": name, "refused": refused, "private": bool(request.POST.get("private")),
    }  # fmt: skip
    return render(request, "inform/page/form.html", context, status=422 if refused else 200)


@public("anybody may ask to be told; the address must confirm")
@csrf_exempt  # the form stands on a published file without a session; it only asks for a mail that must be confirmed
@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to be told by mail. The same answer for known and unknown addresses."""
    page = get_object_or_404(StatusPage, slug=slug, private=False)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            ask_to_subscribe(page=page, email=request.POST.get("email", ""), now=clock.now())
        except Refused as error:
            refused = error
        else:
            return render(
                request, "inform/subscriber/asked.html", {"page": page, "email": request.POST.get("email", "")}
            )
    context = {"page": page, "refused": refused, "email": request.POST.get("email", "")}
    return render(request, "inform/subscriber/ask.html", context, status=422 if refused else 200)


@public("the link's own token is the key")
@csrf_exempt  # reached from a mail; the token is the proof
@require_http_methods(["GET", "POST"])
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST confirms: mail scanners open links too."""
    row = Subscriber.objects.select_related("page").filter(confirm_digest=digest(token), ended_at=None).first()
    if row is None:
        raise Http404
    done = row.confirmed_at is not None
    if request.method == "POST":
        done = confirm(token=token, now=clock.now()) is not None
    return _secret(render(request, "inform/subscriber/confirm.html", {"page": row.page, "done": done}))


@public("the link's own token is the key")
@csrf_exempt  # RFC 8058: the mail program posts by itself, without a session
@require_http_methods(["GET", "POST"])
def subscription_end(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST ends it."""
    row = Subscriber.objects.select_related("page").filter(end_digest=digest(token)).first()
    if row is None:
        raise Http404
    done = row.ended_at is not None
    if request.method == "POST":
        done = end(token=token, now=clock.now())
    return _secret(render(request, "inform/subscriber/end.html", {"page": row.page, "done": done}))
