"""The first run: one link, one account, and how to begin: a sketch, a sample company, or nothing."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from firstcall.desk.sample import NAME, leaving, load_company, remove_company
from firstcall.kernel import clock
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.setup import is_good, make_first_account
from firstcall.people.models.user import User
from firstcall.people.pages.forms import ZONES
from firstcall.people.pages.guard import needs, public, viewer_of
from firstcall.people.pages.person import refuse
from firstcall.people.pages.session import sign_in
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.ready.queries.sample import is_loaded


class WelcomeForm(forms.Form):
    """Who you are."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), help_text=_("You sign in with it, and pages go there."))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input"}),
        help_text=_("At least 12 characters. A short sentence is good."),
    )
    zone = forms.ChoiceField(label=_("Your time zone"), choices=ZONES)
    begin = forms.ChoiceField(
        label=_("Begin with"), widget=forms.RadioSelect, initial="sketch",
        choices=[
            ("sketch", _("A sketch of my business: ready for a first night in 20 minutes")),
            ("sample", _("A sample company, to look around; it goes away in one tap")),
            ("empty", _("Nothing")),
        ],
    )  # fmt: skip


@public("the one-time link is the key, and dies with the first account")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first account, and be signed in."""
    now = clock.now()
    if not is_good(token=token, now=now):
        raise Http404
    form = WelcomeForm(request.POST or None, initial={"zone": settings.ENV["FIRSTCALL_ZONE"]})
    if not form.is_bound:
        form.fields["zone"].widget.attrs["data-zone"] = "own"  # the browser knows better than the installation
    if request.method == "POST" and form.is_valid():
        known = {name: form.cleaned_data[name] for name in ("name", "email", "password", "zone")}
        try:
            user = make_first_account(token=token, **known, now=now)
        except Gone:
            raise Http404 from None
        except Refused as refused:
            refuse(form, refused)
        else:
            begin = form.cleaned_data["begin"]
            if begin == "sample":
                _load_sample(request, user)
            sign_in(request, user)
            return redirect("start_business" if begin == "sketch" else "now")
    return render(request, "desk/welcome.html", {"form": form}, status=422 if form.errors else 200)


def _load_sample(request: HttpRequest, user: User) -> None:
    """The account stands already: a sample that can't be loaded is said, and takes nothing back."""
    try:
        load_company(by=actor_of(user), now=clock.now(), people=[user])
    except Refused as refused:
        messages.warning(request, _("The sample company was not loaded: %(why)s") % {"why": refused.sentence})


@needs("administer")
@require_http_methods(["GET", "POST"])
def sample(request: HttpRequest) -> HttpResponse:
    """What goes with the sample company and what stays; loading it, or taking it away."""
    viewer, now = viewer_of(request), clock.now()
    if request.method != "POST":
        context = {"name": NAME, "loaded": is_loaded(), "leaving": leaving(viewer)}
        return render(request, "desk/sample.html", context)
    try:
        if request.POST.get("do") == "remove":
            remove_company(by=actor_of(viewer), now=now)
            said = _("The sample company is gone.")
        else:
            others = [user for user in active_people() if user.pk != viewer.pk and not user.sample]
            load_company(by=actor_of(viewer), now=now, people=[viewer, *others[:3]])
            said = _("The sample company is here.")
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("sample")
    messages.success(request, said)
    return redirect("now")
