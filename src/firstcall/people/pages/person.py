"""People: the list, inviting, access, one's own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.contact import add_contact, remove_contact, send_code_again, verify_contact
from firstcall.people.commands.factor import drop_factor
from firstcall.people.commands.invitation import invite, invite_again, invited, join, link_at_hand
from firstcall.people.commands.person import change_access, change_profile, close_account, reopen_account
from firstcall.people.commands.session import end_session, end_sessions
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import Access, User
from firstcall.people.pages.forms import ContactForm, InviteForm, JoinForm, ProfileForm, QuietForm
from firstcall.people.pages.guard import needs, public, viewer_of
from firstcall.people.pages.session import sign_in
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import all_people, people_with_factor
from firstcall.people.queries.session import sign_ins_of


def refuse(form: Form, refused: Refused) -> None:
    """Put a refusal's sentence at its field, or on top."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


@needs("administer")
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the form that invites somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invite(
                **form.cleaned_data,
                zone=settings.ENV["FIRSTCALL_ZONE"],
                by=actor_of(viewer_of(request)),
                now=clock.now(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            if link_at_hand(person=person, now=clock.now()):
                messages.warning(request, _("No mail server is set, so no mail leaves: hand over the link yourself."))
                return redirect("person", person.pk)
            messages.success(request, _("%(name)s is invited by mail.") % {"name": person.name})
            return redirect("people")
    everybody = all_people()
    context: dict[str, Any] = {
        "people": [person for person in everybody if person.is_active],
        "gone": [person for person in everybody if not person.is_active],
        "with_factor": people_with_factor(),
        "form": form,
    }
    return render(request, "people/people.html", context, status=422 if form.errors else 200)


@needs("administer")
@require_http_methods(["GET", "POST"])
def person_page(request: HttpRequest, number: int) -> HttpResponse:
    """One account: its access, where it is signed in, its second factor; closing it and opening it again."""
    person = get_object_or_404(User, pk=number)
    if request.method == "POST":
        try:
            messages.success(request, _change(request, person))
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("person", number)
    context = {
        "person": person,
        "accesses": Access.choices,
        "waiting": person.is_active and not person.has_usable_password(),
        "link": link_at_hand(person=person, now=clock.now()),
        "base_url": settings.BASE_URL,
        "has_factor": person.pk in people_with_factor(),
        "sessions": sign_ins_of(person, now=clock.now(), here=request.session.session_key),
    }
    return render(request, "people/person.html", context)


def _change(request: HttpRequest, person: User) -> str:
    """Do what the pressed button says; what to tell the admin. Raises Refused."""
    by, now, what = actor_of(viewer_of(request)), clock.now(), request.POST.get("do", "")
    if what == "close":
        close_account(person=person, by=by, now=now)
        return _("The account is closed, and %(name)s is signed out everywhere.") % {"name": person.name}
    if what == "reopen":
        reopen_account(person=person, by=by, now=now)
        return _("The account is open again: %(name)s chooses a new password by mail.") % {"name": person.name}
    if what == "invite":
        invite_again(person=person, by=by, now=now)
        return _("%(name)s is invited again by mail. The link sent before no longer works.") % {"name": person.name}
    if what == "factor":
        drop_factor(person=person, by=by, now=now)
        return _("The second factor is off, and %(name)s is signed out everywhere.") % {"name": person.name}
    if what == "end":
        end_session(person=person, handle=request.POST.get("session", ""), by=by, now=now)
        return _("That session has ended.")
    if what == "end_all":
        end_sessions(person=person, by=by, now=now)
        return _("%(name)s is signed out everywhere.") % {"name": person.name}
    change_access(person=person, access=request.POST.get("access", ""), by=by, now=now)
    return _("Saved.")


@needs("read")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, number, zone and ways to be reached."""
    person = viewer_of(request)
    initial = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(person=person, **form.cleaned_data, by=actor_of(person), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    context = {
        "form": form,
        "contacts": person.contact_methods.all(),
        "contact_form": ContactForm(),
        "quiet_form": QuietForm(initial={"quiet_from": person.quiet_from, "quiet_to": person.quiet_to}),
        "sessions": sign_ins_of(person, now=clock.now(), here=request.session.session_key),
        "has_factor": person.pk in people_with_factor(),
    }
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


@needs("read")
@require_POST
def contact_add(request: HttpRequest) -> HttpResponse:
    """A further way to be reached; its code is sent there."""
    person, form = viewer_of(request), ContactForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Give an address."))
        add_contact(person=person, **form.cleaned_data, by=actor_of(person), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("A code is on its way there: type it in below."))
    return redirect("profile")


@needs("read")
@require_POST
def contact_change(request: HttpRequest, number: int) -> HttpResponse:
    """Type in the code of one's own contact, or remove it."""
    person = viewer_of(request)
    contact = get_object_or_404(ContactMethod, pk=number, user=person)
    try:
        if request.POST.get("remove"):
            remove_contact(contact=contact, by=actor_of(person), now=clock.now())
        elif request.POST.get("again"):
            send_code_again(contact=contact, now=clock.now())
        else:
            verify_contact(contact=contact, code=request.POST.get("code", ""), by=actor_of(person), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Done."))
    return redirect("profile")


@public("the invitation's own token is the key")
@require_http_methods(["GET", "POST"])
def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person chooses a password and is signed in."""
    person = invited(token=token, now=clock.now())
    if person is None:
        raise Http404
    form = JoinForm(request.POST or None, initial={"zone": person.zone})
    if not form.is_bound and person.last_login is None:
        form.fields["zone"].widget.attrs["data-zone"] = "own"  # nobody has chosen yet: the browser knows best
    if request.method == "POST" and form.is_valid():
        try:
            person = join(token=token, **form.cleaned_data, now=clock.now())
        except Gone:
            raise Http404 from None
        except Refused as refused:
            refuse(form, refused)
        else:
            if person.pk in people_with_factor():
                messages.success(request, _("Your new password counts. Sign in with it, and with your code."))
                return redirect("account_login")
            sign_in(request, person)
            return redirect("now")
    return render(request, "people/join.html", {"form": form, "person": person}, status=422 if form.errors else 200)
