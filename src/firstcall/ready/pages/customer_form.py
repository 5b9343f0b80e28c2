"""Forms of a customer and of a person there: they parse; the commands decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from firstcall.ready.commands.customer import MONTH
from firstcall.ready.models.flow import Flow
from firstcall.ready.pages.forms import LIVING, phone_input
from firstcall.ready.pages.grouped import Folded, Grouped


def _phone() -> forms.CharField:
    return forms.CharField(label=_("Telephone"), max_length=32, required=False, widget=phone_input())


class CustomerForm(Grouped):
    """A customer and what it uses; then what was agreed, and by which number others know it."""

    folded: Folded = (
        (_("What was agreed"), ("tier", "service_level", "minutes_a_month", "account_owner")),
        (_("In another system"), ("key",)),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = _phone()
    contract = forms.BooleanField(label=_("Has a contract: we owe something when it stops"), required=False)
    flows = forms.ModelMultipleChoiceField(
        label=_("Uses"), queryset=Flow.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    tier = forms.CharField(label=_("Tier"), max_length=40, required=False, help_text=_("Such as gold, or free."))
    account_owner = forms.ModelChoiceField(
        label=_("Account owner"), queryset=LIVING, required=False, empty_label=_("Nobody yet"),
        help_text=_("Who of us speaks with them in calm."),
    )  # fmt: skip
    service_level = forms.CharField(
        label=_("Agreed service level"),
        max_length=200,
        required=False,
        help_text=_("In words, such as 99.9 % a month."),
    )
    minutes_a_month = forms.IntegerField(
        label=_("It may stand still, in minutes a month"), required=False, min_value=0, max_value=MONTH
    )
    key = forms.CharField(
        label=_("Its number in another system"), max_length=80, required=False,
        help_text=_("By which an imported file finds it again."),
    )  # fmt: skip


class ContactForm(forms.Form):
    """A person at a customer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.CharField(label=_("What they do"), max_length=80, required=False)
    phone = _phone()
    email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
