"""Forms of ready: they parse; the commands decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.forms import Form
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from firstcall.kernel.refusal import Refused
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.models.dependency import Fallback
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.grouped import Folded, Grouped
from firstcall.ready.rules.severity import ALL_ROLES
from firstcall.ready.rules.severity_rule import ROLES, TONES, hour

DAYS = [
    ("1", _("Mon")),
    ("2", _("Tue")),
    ("3", _("Wed")),
    ("4", _("Thu")),
    ("5", _("Fri")),
    ("6", _("Sat")),
    ("7", _("Sun")),
]

CURRENCY = settings.ENV["FIRSTCALL_CURRENCY"]
LIVING = User.objects.filter(is_active=True).order_by("name")


# The browser's own fields read ISO 8601 whatever the language.
def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})


def clock_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input"})


def phone_input() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "tel", "class": "input"})


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "input"})


def refuse(form: Form, refused: Refused) -> None:
    """Put a refusal's sentence at its field, or on top."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


def steps_field() -> forms.CharField:
    return forms.CharField(
        label=_("First steps"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, seven at most: roll back, switch, whom to ring, how to know it is well."),
    )  # fmt: skip


def link_field() -> forms.URLField:
    return forms.URLField(label=_("Or a link to them"), required=False, max_length=500, assume_scheme="https")


def team_field() -> forms.ModelChoiceField[Team]:
    return forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("None yet")
    )


class FlowForm(Grouped):
    """What a flow is, what it costs, who owns it; then who repairs it, its figures, words, first steps and peak."""

    folded: Folded = (
        (_("Who is woken and repairs it"), ("technical_owner", "team", "path")),
        (_("Words ready for the night"), ("words_customers", "words_support", "workaround")),
        (_("What to try first"), ("first_steps", "first_steps_link")),
        (
            _("More figures, and what else is at stake"),
            ("cost_per_hour_most", "users_per_hour", "transactions_per_hour", "stakes"),
        ),
        (_("When it is busiest"), ("peak_days", "peak_from", "peak_to")),
    )

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What a user does, such as Checkout."))
    criticality = forms.ChoiceField(label=_("How critical"), choices=Criticality.choices, widget=forms.RadioSelect)
    stops = forms.CharField(
        label=_("What stops when it stops"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    cost_per_hour = forms.IntegerField(
        label=_("What an hour costs"), required=False, min_value=0, max_value=2_000_000_000,
        help_text=format_lazy(_("In {currency}. A rough figure is good; none is too."), currency=CURRENCY),
    )  # fmt: skip
    cost_per_hour_most = forms.IntegerField(
        label=_("An hour at most"), required=False, min_value=0, max_value=2_000_000_000,
        help_text=_("Only when what it costs is a range: the upper end."),
    )  # fmt: skip
    users_per_hour = forms.IntegerField(label=_("Users an hour"), required=False, min_value=0, max_value=2_000_000_000)
    transactions_per_hour = forms.IntegerField(
        label=_("Transactions an hour"), required=False, min_value=0, max_value=2_000_000_000
    )
    stakes = forms.MultipleChoiceField(
        label=_("What else is at stake"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("contract", _("a contract")), ("law", _("the law")), ("trust", _("customers’ trust"))],
    )  # fmt: skip
    workaround = forms.CharField(
        label=_("A way round"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What customers can do meanwhile, in words for them."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=LIVING, required=False, empty_label=_("Nobody yet"))
    technical_owner = forms.ModelChoiceField(
        label=_("Who can repair it"), queryset=LIVING, required=False, empty_label=_("Nobody yet")
    )
    first_steps = steps_field()
    first_steps_link = link_field()
    team = team_field()
    path = forms.ModelChoiceField(
        label=_("Escalation path"), queryset=EscalationPath.objects.all(), required=False, empty_label=_("None yet")
    )
    words_customers = forms.CharField(
        label=_("Words for customers"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The first public sentence, written in calm."),
    )  # fmt: skip
    words_support = forms.CharField(
        label=_("Words for support"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What to say on the telephone."),
    )  # fmt: skip
    peak_days = forms.MultipleChoiceField(
        label=_("Peak days"),
        required=False,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-row"}),
    )
    peak_from = forms.IntegerField(label=_("Peak from hour"), required=False, min_value=0, max_value=23)
    peak_to = forms.IntegerField(label=_("Peak until hour"), required=False, min_value=1, max_value=24)

    def clean_peak_days(self) -> str:
        """ISO weekdays in one word."""
        return "".join(sorted(self.cleaned_data["peak_days"]))


class NeedsForm(forms.Form):
    """Something a flow or a component needs: one that is there, or a new one by its name."""

    name = forms.CharField(
        label=_("What it needs"), max_length=120, widget=forms.TextInput(attrs={"list": "known", "class": "input"})
    )
    kind = forms.ChoiceField(
        label=_("It is"), choices=[("component", _("a part of ours")), ("provider", _("a third party"))]
    )
    hard = forms.ChoiceField(
        label=_("Without it"), choices=[("yes", _("nothing goes")), ("no", _("it goes, but worse"))]
    )
    fallback = forms.ChoiceField(label=_("Fallback"), choices=Fallback.choices)
    how = forms.CharField(
        label=_("What to do without it"),
        max_length=300,
        required=False,
        help_text=_("Empty when there is no fallback."),
    )
    tested = forms.DateField(label=_("Fallback last tried on"), required=False, widget=day_input())


class ComponentForm(Grouped):
    """A part of ours."""

    name = forms.CharField(label=_("Name"), max_length=120)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=LIVING, required=False, empty_label=_("Nobody yet"))
    team = team_field()
    first_steps = steps_field()
    first_steps_link = link_field()


class ProviderForm(Grouped):
    """A third party: whom to ring there, what we lose without it; then where it says how it is."""

    folded: Folded = (
        (_("Where it says how it is"), ("status_url", "status_parts")),
        (_("What to try first"), ("first_steps", "first_steps_link")),
        (_("Who looks after it here"), ("owner",)),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    contract = forms.CharField(label=_("Contract number"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False, widget=phone_input())
    support_contact = forms.CharField(
        label=_("Their support"), max_length=200, required=False,
        help_text=_("A name, a mail address or a portal: whatever answers at night."),
    )  # fmt: skip
    without = forms.CharField(
        label=_("What we lose without it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    status_url = forms.URLField(
        label=_("Its status page"), required=False, assume_scheme="https",
        help_text=_("We read it, and the room says when it is unwell."),
    )  # fmt: skip
    status_parts = forms.CharField(
        label=_("Only these parts of it"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as its status page names them, such as Card payments. None: all of it counts."),
    )  # fmt: skip
    first_steps = steps_field()
    first_steps_link = link_field()
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=LIVING, required=False, empty_label=_("Nobody yet"))


MOST_NEW = 6  # steps a new path has room for


class PathForm(Grouped):
    """Steps: whom to page, and how long to wait; and which flows go along it. `there` is how many there are."""

    name = forms.CharField(label=_("Name"), max_length=120)

    def __init__(self, *args: Any, there: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, max(MOST_NEW, there + 2) + 1)
        more = [name for number in self.numbers[2:] for name in (f"target{number}", f"wait{number}")]
        self.folded: Folded = ((_("And if they do not answer either"), tuple(more)),)
        targets: list[tuple[str, Any]] = [("", _("Nobody"))]
        turns = [(f"schedule:{row.pk}", _("Whoever is on call: %s") % row.name) for row in Schedule.objects.all()]
        targets += turns
        targets += [(f"user:{user.pk}", user.name) for user in LIVING.all()]
        for number in self.numbers:
            label = _("First page") if number == 1 else _("Then page")
            self.fields[f"target{number}"] = forms.ChoiceField(label=label, choices=targets, required=number == 1)
            self.fields[f"wait{number}"] = forms.IntegerField(
                label=_("and wait, in minutes"), min_value=0, max_value=240, required=False, initial=5
            )
        self.fields["wait1"].help_text = _("0 pages them and the next at the same moment.")
        if not turns:
            self.fields["target1"].help_text = _("Once there is a schedule, whoever is on call can stand here.")
        self.fields["flows"] = forms.ModelMultipleChoiceField(
            label=_("For which flows"), queryset=Flow.objects.all(), required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever is paged last needs time to answer."""
        said = super().clean() or {}
        last = [number for number in self.numbers if said.get(f"target{number}")][-1:]
        if last and said.get(f"wait{last[0]}") == 0:
            self.add_error(f"wait{last[0]}", _("Whoever is paged last needs time to answer."))
        return said


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=1440)


class SeverityRuleForm(forms.Form):
    """One row of the severity table. Minutes; empty: no such promise."""

    means = forms.CharField(label=_("It means"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    wakes = forms.ChoiceField(
        label=_("It wakes"), widget=forms.RadioSelect,
        choices=[
            ("always", _("the path, at any hour")),
            ("waking", _("the path, in waking hours; at night it waits for the morning")),
            ("never", _("nobody: it waits for the digest")),
        ],
    )  # fmt: skip
    waking_from = forms.TypedChoiceField(
        label=_("Waking hours from"), coerce=int, choices=[(at, hour(at)) for at in range(24)]
    )
    waking_to = forms.TypedChoiceField(label=_("until"), coerce=int, choices=[(at, hour(at)) for at in range(1, 25)])
    breaks_quiet = forms.BooleanField(
        label=_("It breaks people’s quiet hours"), required=False,
        help_text=_("Otherwise the page of somebody who is quiet waits until their hours end; the path goes on."),
    )  # fmt: skip
    tells_leadership = forms.BooleanField(
        label=_("It tells the founder or CTO at once"),
        required=False,
        help_text=_("Whoever the path names for it, whether somebody answers or not."),
    )
    roles = forms.MultipleChoiceField(
        label=_("It asks for"), required=False, choices=[(role, gettext_lazy(ROLES[role])) for role in ALL_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    first_inside = _minutes(_("First word inside and to support, in minutes"))
    first_public = _minutes(_("First public word, in minutes"))
    next_inside = _minutes(_("Then inside and to support every, in minutes"))
    next_public = _minutes(_("Then publicly every, in minutes"))
    look_in = _minutes(_("A look-in with the engineers every, in minutes"))
    tone = forms.ChoiceField(
        label=_("Its words sound"), choices=[(name, gettext_lazy(words)) for name, words in TONES.items()]
    )
    postmortem = forms.ChoiceField(
        label=_("When it is over"),
        choices=[
            ("required", _("a postmortem is asked for")),
            ("choice", _("the owner chooses")),
            ("none", _("it is only counted")),
        ],
    )
    draft_hours = forms.IntegerField(label=_("Its draft within, in hours"), required=False, min_value=1)
