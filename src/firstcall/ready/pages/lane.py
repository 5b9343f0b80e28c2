"""Who is told beside the steps of a path."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.lane import add_lane, remove_lane
from firstcall.ready.models.lane import Lane, LaneKind, LaneWhen
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import LIVING, refuse


class LaneForm(forms.Form):
    """Who is told, for what, and when."""

    kind = forms.ChoiceField(label=_("Tell"), choices=LaneKind.choices)
    target = forms.ChoiceField(
        label=_("That is"), required=False,
        help_text=_("Account owners are worked out from the customers; for a provider, say who of us rings it."),
    )  # fmt: skip
    severity = forms.TypedChoiceField(
        label=_("For"), coerce=int,
        choices=[(1, _("SEV1")), (2, _("SEV2 or graver")), (3, _("SEV3 or graver")), (4, _("any severity"))],
    )  # fmt: skip
    when = forms.ChoiceField(label=_("When"), choices=LaneWhen.choices, initial=LaneWhen.ALWAYS)
    after_minutes = forms.IntegerField(
        label=_("If nobody answers within, in minutes"), min_value=0, max_value=240, initial=0,
        help_text=_("0: at once, whether somebody answers or not."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets: dict[str, User | Schedule] = {f"user:{one.pk}": one for one in LIVING.all()}
        self.targets |= {f"schedule:{one.pk}": one for one in Schedule.objects.all()}
        target = self.fields["target"]
        assert isinstance(target, forms.ChoiceField)
        target.choices = [
            ("", gettext("Choose")),
            *(
                (
                    key,
                    one.name if isinstance(one, User) else gettext("Whoever is on call: {name}").format(name=one.name),
                )
                for key, one in self.targets.items()
            ),
        ]


@needs("prepare")
@require_http_methods(["GET", "POST"])
def lane_new(request: HttpRequest, number: int) -> HttpResponse:
    """Tell somebody else, too."""
    path, form = get_object_or_404(EscalationPath, pk=number), LaneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            add_lane(
                path=path, kind=said["kind"], target=form.targets.get(said["target"]), severity=said["severity"],
                after_minutes=said["after_minutes"], when=said["when"], by=actor_of(viewer_of(request)),
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("path", path.pk)
    return render(request, "ready/path/lane.html", {"form": form, "path": path}, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["POST"])
def lane_remove(request: HttpRequest, number: int) -> HttpResponse:
    """They are not told any more."""
    lane = get_object_or_404(Lane.objects.select_related("path"), pk=number)
    try:
        remove_lane(lane=lane, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, gettext("Removed."))
    return redirect("path", lane.path_id)
