"""Who is signed in, where: Django's session with what its owner recognises it by."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from firstcall.kernel.ids import digest
from firstcall.people.models.user import User


class Session(AbstractBaseSession):
    """One browser. Without `user` nobody has signed in there yet; `seen_at` is at most five minutes behind."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        from firstcall.people.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """Its name on a page: the key itself opens the session and is never shown."""
        return digest(self.session_key)[:20]
