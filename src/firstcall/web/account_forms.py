"""allauth's forms in the words of the house."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.factor import spend_step, use_code
from firstcall.people.commands.throttle import begin_code, give_back
from firstcall.people.pages.session import address_of
from firstcall.people.rules.totp import step_of

LABELS = {
    "login": _("Mail address"),
    "email": _("Mail address"),
    "password": _("Password"),
    "oldpassword": _("The password you have now"),
    "password1": _("New password"),
    "password2": _("The new password once more"),
    "code": _("Code"),
}
HINTS = {"password1": _("12 characters or more; a sentence is good.")}


class Plain:
    """Labels above the fields instead of words inside them that vanish while one types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["inputmode"] = "text"  # recovery codes hold letters
                field.widget.attrs["class"] = "input-code"


class SignIn(Plain, account.LoginForm):  # type: ignore[misc]
    """Mail address and password."""


class Reset(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    """Where the link for a new password goes."""


class ResetByKey(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, from the link."""


class Change(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    """The new password, from the profile."""


class Again(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something grave."""


class Once(Plain):
    """A code that is taken once, by whichever web process it reaches; wrong ones cost time."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        now, address = clock.now(), address_of(context.request)
        try:
            account = begin_code(person=self.user, address=address, now=now)
        except Refused as refused:
            raise ValidationError(refused.sentence, code="slowed") from None
        code: str = self.cleaned_data["code"]
        factor = use_code(person=self.user, code=code, now=now)
        if factor is None:
            raise ValidationError(_("This code does not work. Each works once: wait for the next one."), code="wrong")
        give_back(account=account, address=address, now=now)
        factor.user = self.user
        self.authenticator = factor
        return code


class Factor(Once, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""


class FactorAgain(Once, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something grave."""


class FactorOn(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app; it is spent by that."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        step = step_of(self.secret, code, now=clock.now())
        if step is not None:
            spend_step(person=self.user, step=step)
        return code
