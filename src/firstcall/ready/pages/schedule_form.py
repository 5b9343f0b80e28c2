"""Forms of schedules: a name and people first; rhythm, hours and clock fold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.forms import ZONES
from firstcall.ready.commands.schedule import Layer
from firstcall.ready.pages.forms import DAYS, LIVING, clock_input, day_input, moment_input, team_field
from firstcall.ready.pages.grouped import Folded, Grouped
from firstcall.ready.rules.window import EVERY_DAY, Window

HANDOVER = dt.time(9)
TURNS = ("first", "second", "third", "fourth", "fifth", "sixth")


class ScheduleForm(Grouped):
    """What a schedule is called, by whose clock it runs, and who looks after it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"), queryset=LIVING, required=False, empty_label=_("Nobody yet")
    )
    team = team_field()


def _turn(label: Any, *, required: bool = False) -> forms.ModelChoiceField[User]:
    return forms.ModelChoiceField(label=label, queryset=LIVING, required=required, empty_label=_("Nobody"))


PEOPLE = (_("More people"), ("fourth", "fifth", "sixth"))
RHYTHM = (_("The rhythm"), ("length", "unit", "handover", "starts", "until"))
HOURS = (_("Only on some days or hours"), ("title", "days", "hours_from", "hours_to"))


class LayerForm(Grouped):
    """A layer: who takes turns; then how long, handed over when, and in which hours it counts."""

    folded: Folded = (PEOPLE, RHYTHM, HOURS, (_("By another clock"), ("layer_zone",)))

    title = forms.CharField(
        label=_("What this layer is for"), max_length=120, required=False, help_text=_("Such as: nights and weekends.")
    )
    unit = forms.ChoiceField(label=_("Turns are counted in"), choices=[("days", _("days")), ("hours", _("hours"))])
    length = forms.IntegerField(label=_("A turn lasts"), min_value=1, max_value=8760, initial=7)
    handover = forms.TimeField(label=_("Handed over at"), initial=HANDOVER, widget=clock_input())
    starts = forms.DateField(label=_("First turn begins on"), widget=day_input())
    until = forms.DateField(
        label=_("Ends on"), required=False, widget=day_input(), help_text=_("Empty: it goes on until it is changed.")
    )
    layer_zone = forms.ChoiceField(
        label=_("By another clock"), choices=[("", _("no, by the schedule’s")), *ZONES], required=False,
        help_text=_("For a team in another part of the world."),
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        label=_("Counts only on"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on every day."),
    )  # fmt: skip
    hours_from = forms.TimeField(label=_("Counts from"), required=False, widget=clock_input())
    hours_to = forms.TimeField(
        label=_("until"), required=False, widget=clock_input(),
        help_text=_("Both empty: all day. An earlier hour means the next morning."),
    )  # fmt: skip

    def __init__(self, *args: Any, layer: Layer | None = None, **kwargs: Any) -> None:
        """For `layer` there is room for all who are in it, and hours that have no field here are kept."""
        super().__init__(*args, **kwargs)
        more = range(len(TURNS) + 1, len(layer.members) + 2) if layer else ()
        self.notes["length"] = gettext("A week each, handed over on Mondays at 09:00, unless you say otherwise.")
        self.turns = (*TURNS, *(f"turn{n}" for n in more))
        self.folded = tuple(
            (title, (*names, *self.turns[len(TURNS) :]) if "sixth" in names else names) for title, names in self.folded
        )
        self.kept = layer.windows[1:] if layer else ()
        fields = {name: _turn(_("Then"), required=False) for name in self.turns}
        fields[TURNS[0]] = _turn(_("First on call"), required=True)
        named = {"name": self.fields.pop("name")} if "name" in self.fields else {}
        self.fields = {**named, **fields, **self.fields}
        if self.kept:
            hours = ", ".join(f"{one.starts:%H:%M}–{one.ends:%H:%M}" for one in self.kept)
            self.fields["hours_to"].help_text = gettext("It also counts, and goes on to: {hours}.").format(hours=hours)

    def layer(self) -> Layer:
        """What was said. Raises Refused."""
        said = self.cleaned_data
        turns = tuple(said[name] for name in self.turns if said.get(name) is not None)
        hours = said["unit"] == "hours"
        return Layer(
            members=turns, handover=said["handover"], starts=said["starts"], length_days=1 if hours else said["length"],
            length_hours=said["length"] if hours else 0, name=said["title"], zone=said["layer_zone"],
            until=said["until"], windows=self._windows(),
        )  # fmt: skip

    def _windows(self) -> tuple[Window, ...]:
        said = self.cleaned_data
        begins, ends = said["hours_from"], said["hours_to"]
        if (begins is None) != (ends is None):
            raise Refused(gettext("Give both hours, or neither."), field="hours_to")
        if not said["days"] and begins is None:
            return self.kept
        days = frozenset(map(int, said["days"])) or EVERY_DAY
        return (Window(days, begins or dt.time(0), ends or dt.time(0)), *self.kept)


class NewScheduleForm(ScheduleForm, LayerForm):
    """A schedule with its first layer: a name and the people are enough."""

    folded: Folded = (
        PEOPLE,
        RHYTHM,
        HOURS,
        (_("The clock, and who looks after it"), ("zone", "layer_zone", "owner", "team")),
    )


class OverrideForm(forms.Form):
    """Somebody takes over; times are read in the reader's zone."""

    user = forms.ModelChoiceField(label=_("Who takes over"), queryset=LIVING)
    starts = forms.DateTimeField(label=_("From"), widget=moment_input())
    ends = forms.DateTimeField(label=_("Until"), widget=moment_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page shows this form once for each schedule: the names are read once for all.
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)
        user.choices = [("", _("Choose a person")), *((one.pk, one.name) for one in LIVING.all())]
