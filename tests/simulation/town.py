"""The town of the simulated evenings, and one evening played in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction
from django.test import override_settings

from firstcall.detect.commands.source import make_source
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.contact import ContactMethod
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from tests.cast import make_cast
from tests.simulation.evening import HOOK, START, Evening, Town
from tests.simulation.judge import judge


def lay() -> Town:
    """Checkout needs payments; who is on call is paged, then Ada; nobody answers: all admins, which is Ada again."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        cast = make_cast()
    for kind, address in (("mail", cast.ben.email), ("webhook", HOOK)):
        ContactMethod.objects.create(user=cast.ben, kind=kind, address=address, verified_at=START)
    turns = Layer((cast.ada, cast.ben), dt.time(22, 57), dt.date(2026, 11, 2), length_days=1)
    schedule = set_schedule(name="Payments", zone="Europe/Berlin", layers=[turns], by=MACHINE, now=START)
    path = set_path(name="Night", steps=[Step(schedule, 5), Step(cast.ada, 10)], by=MACHINE, now=START)
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)
    Dependency.objects.create(flow=flow, component=Component.objects.create(slug="payments", name="Payments"))
    source = make_source(name="Prometheus", kind="alertmanager", by=MACHINE, now=START)[0]
    return Town(source, schedule, cast.ada, cast.ben)


class Undo(Exception):
    """Ends one evening: the next begins from the same store."""


def play(seed: int, town: Town, *, catch: bool = False) -> tuple[list[str], Counter[str]]:
    """One evening in a transaction of its own that is undone: what was broken, what was met.

    With `catch` an error that ends a worker is one more broken promise.
    """
    broken: list[str] = []
    evening = Evening(seed, town)
    try:
        with transaction.atomic():
            evening.run()
            broken = judge(evening)
            raise Undo
    except Undo:
        pass
    except Exception as error:
        error.add_note(f"in the evening of seed {seed}")
        if not catch:
            raise
        broken = [f"S7: a worker failed: {type(error).__name__}: {error}"]
    return broken, evening.seen + evening.mail.seen + evening.hook.seen
