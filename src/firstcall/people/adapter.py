"""How allauth behaves in this house: nobody signs up by themselves, links are built from our own address."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.factor import note_change
from firstcall.people.commands.password import change_password
from firstcall.people.commands.throttle import begin_try, give_back
from firstcall.people.models.user import User
from firstcall.people.pages.session import address_of, sign_in
from firstcall.people.queries.actor import actor_of

NOTICES = {"totp_activated": "on", "totp_deactivated": "off", "recovery_codes_generated": "codes"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only; wrong tries cost time; what changes a sign-in is written down."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This mail address and this password don't belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the base class's signature)
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from FIRSTCALL_BASE_URL, never from the request's Host."""
        return f"{settings.BASE_URL}/account/password/reset/key/{key}/"

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError while a wait runs: then the password is not even looked at."""
        email = str(credentials.get("email") or "")
        try:
            self._account = begin_try(email=email, address=address_of(request), now=clock.now())
        except Refused as refused:
            raise ValidationError(refused.sentence, code="slowed") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        person = super().authenticate(request, **credentials)
        if person is not None:
            give_back(account=self._account, address=address_of(request), now=clock.now())
        return person

    def login(self, request: HttpRequest, user: User) -> None:
        sign_in(request, user)

    def set_password(self, user: User, password: str) -> None:
        change_password(person=user, password=password, by=actor_of(user), now=clock.now())

    def send_notification_mail(self, template_prefix: str, user: User, *_rest: Any, **_more: Any) -> None:
        """allauth tells here what became of a second factor; a changed password is written by its command."""
        what = NOTICES.get(template_prefix.rpartition("/")[2])
        if what is not None:
            note_change(person=user, what=what, now=clock.now())


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors are stored encrypted with the data key."""

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"mfa" + settings.DATA_KEY).digest()))

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> Any:
        return "Firstcall"
