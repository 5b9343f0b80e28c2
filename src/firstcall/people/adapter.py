"""How allauth behaves in this house: nobody signs up by themselves, links are built from our own address."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the base class's signature)
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from FIRSTCALL_BASE_URL, never from the request's Host."""
        return f"{settings.BASE_URL}/account/password/reset/key/{key}/"


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
