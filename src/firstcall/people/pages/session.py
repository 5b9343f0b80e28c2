"""Signing in, what a session notes of its device, and ending sessions of one's own."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.contrib import messages
from django.contrib.auth import login
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from firstcall.journal.commands.entry import record
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.session import end_session, end_sessions
from firstcall.people.events import SIGNED_IN
from firstcall.people.models.session import Session
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.device import device_of
from firstcall.people.sessions import ADDRESS, AGENT, BEGAN

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOTED = dt.timedelta(minutes=5)


def address_of(request: HttpRequest) -> str:
    """The client's address; of an IPv6 one its /64, which is one household. Forwarded headers count at the door."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network(f"{address}/64", strict=False).network_address)


def sign_in(request: HttpRequest, person: User) -> None:
    """Begin a session under a new key, with what its owner will recognise it by."""
    now = clock.now()
    login(request, person, backend=BACKEND)
    agent = request.headers.get("User-Agent", "")[:300]
    request.session[BEGAN] = now.isoformat()
    request.session[AGENT], request.session[ADDRESS] = agent, address_of(request)
    browser, system = device_of(agent)
    known = {"browser": browser or _("a browser"), "system": system or _("an unknown device")}
    device = _("%(browser)s on %(system)s") % known
    with transaction.atomic():
        Session.objects.filter(expire_date__lt=now).delete()
        request.session.save()
        record(SIGNED_IN, by=actor_of(person), now=now, subject=f"person:{person.pk}", device=device)


def note_visit(request: HttpRequest) -> None:
    """That a signed-in device was here, at most every five minutes. A busy store is no reason to keep a page back."""
    seen, now = getattr(request.session, "seen_at", None), clock.now()
    if seen is None or now - seen < NOTED:
        return
    try:
        Session.objects.filter(session_key=request.session.session_key, seen_at=seen).update(seen_at=now)
    except DatabaseError:
        return
    request.session.seen_at = now  # type: ignore[attr-defined]


@needs("read")
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    person, key, now = viewer_of(request), request.session.session_key, clock.now()
    handle = request.POST.get("session", "")
    try:
        if handle:
            end_session(person=person, handle=handle, by=actor_of(person), now=now)
            messages.success(request, _("That session has ended."))
        else:
            count = end_sessions(person=person, by=actor_of(person), now=now, keep=key)
            said = ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", count)
            messages.success(request, said % {"n": count} if count else _("You are signed in only here."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(f"{reverse('profile')}#sessions")
