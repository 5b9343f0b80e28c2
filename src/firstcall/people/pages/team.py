"""Teams: the list, making one, changing its members."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.team import set_team
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can


class TeamForm(forms.Form):
    """What a team is called, and who is in it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as Payments."))
    members = forms.ModelMultipleChoiceField(
        label=_("Who is in it"), queryset=User.objects.filter(is_active=True).order_by("name"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


@needs("read")
@require_http_methods(["GET"])
def teams(request: HttpRequest) -> HttpResponse:
    """Every team with its people."""
    rows = Team.objects.prefetch_related("members")
    context = {"teams": rows, "can_prepare": can(viewer_of(request).access, "prepare")}
    return render(request, "people/team/list.html", context)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def team_edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Make a team or change one."""
    team = get_object_or_404(Team, slug=slug) if slug else None
    initial = {"name": team.name, "members": list(team.members.all())} if team else {}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_team(
                name=form.cleaned_data["name"], members=list(form.cleaned_data["members"]), team=team,
                by=actor_of(viewer_of(request)), now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("teams")
    return render(request, "people/team/form.html", {"form": form, "team": team}, status=422 if form.errors else 200)
