"""Forms of people."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import Access

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]
ZONES = [pair for pair in ZONES if not pair[0].startswith(("Etc/", "posix/", "right/", "US/", "SystemV/"))]


class ProfileForm(forms.Form):
    """One's own name, number and zone."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What others read in the room."))
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False, help_text=_("One tap calls it."))
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    confirm_mail = forms.BooleanField(
        label=_("Mail me on Mondays what I have to confirm"), required=False,
        help_text=_("Only when something of yours waits for ‘It still holds’."),
    )  # fmt: skip


def _time() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class QuietForm(forms.Form):
    """When one is left to sleep."""

    quiet_from = forms.TimeField(label=_("From"), required=False, widget=_time())
    quiet_to = forms.TimeField(label=_("until"), required=False, widget=_time())


class InviteForm(forms.Form):
    """Who is invited, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), help_text=_("The invitation goes there."))
    access = forms.ChoiceField(
        label=_("May do"), choices=Access.choices, initial=Access.RESPONDER,
        help_text=_(
            "A responder leads, repairs and prepares. A communicator leads and speaks for us. Support writes down what "
            "customers say. A stakeholder reads. An admin may do everything."
        ),
    )  # fmt: skip


class JoinForm(forms.Form):
    """An invited person's password."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input"}),
        help_text=_("At least 12 characters. A short sentence is good."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False, help_text=_("One tap calls it."))
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, required=False)


class ContactForm(forms.Form):
    """A further way to be reached."""

    kind = forms.ChoiceField(label=_("How"), choices=[("mail", _("Mail")), ("webhook", _("Webhook"))])
    address = forms.CharField(label=_("Address"), max_length=500, help_text=_("A mail address, or https://…"))
    label = forms.CharField(label=_("Call it"), max_length=60, required=False)
