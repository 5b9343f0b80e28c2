"""The cast of every story: Ada owns, Ben is on call, Cleo runs support, Dana leads the company, Eve must not see it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import make_password

from firstcall.people.models.user import Access, User

PASSWORD = "correct horse battery staple"
HASHED = make_password(PASSWORD)  # in earnest, but once: it takes a tenth of a second on purpose


@dataclass(frozen=True, slots=True)
class Cast:
    ada: User
    ben: User
    cleo: User
    dana: User
    eve: User


def make_person(name: str, access: Access) -> User:
    """One person with a mail address of their name and the cast's password."""
    email = f"{name.lower()}@example.com"
    user = User(username=email, email=email, name=name, access=access, zone="Europe/Berlin")
    user.password = HASHED
    user.save()
    return user


def make_cast() -> Cast:
    """The five of them, each with the access of their work."""
    return Cast(
        ada=make_person("Ada", Access.ADMIN),
        ben=make_person("Ben", Access.RESPONDER),
        cleo=make_person("Cleo", Access.SUPPORT),
        dana=make_person("Dana", Access.STAKEHOLDER),
        eve=make_person("Eve", Access.STAKEHOLDER),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The five of them as rows, for a test that needs no more of the house."""
    return make_cast()
