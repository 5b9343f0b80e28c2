"""What the door's tests find when they come: a migrated store, a source with its key, people and their sessions.

Run as a program it lays all that in the store of its environment and prints it as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import sys


def lay() -> dict[str, str]:
    """The keys and session cookies by name."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from firstcall.detect.models.source import Source, SourceKey
    from firstcall.kernel.ids import digest
    from firstcall.people.models.user import Access
    from firstcall.people.sessions import SessionStore
    from tests.cast import make_person

    call_command("migrate", verbosity=0, interactive=False)
    now = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
    laid = {"alertmanager": "fci_alertmanager_key", "generic": "fci_generic_key", "revoked": "fci_revoked_key"}
    for kind in ("alertmanager", "generic"):
        source = Source.objects.create(name=kind.title(), kind=kind, created_at=now)
        SourceKey.objects.create(source=source, digest=digest(laid[kind]), hint="fci_…", created_at=now)
    SourceKey.objects.create(source=source, digest=digest(laid["revoked"]), hint="fci_…", created_at=now, ended_at=now)
    for name, access in (("Ada", Access.ADMIN), ("Eve", Access.STAKEHOLDER)):
        person = make_person(name, access)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        laid[name.lower()] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return laid


if __name__ == "__main__":
    json.dump(lay(), sys.stdout)
