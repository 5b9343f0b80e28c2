"""The worker says once that the auditor is silent, and once that it is back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from firstcall.deliver.beat import beat
from firstcall.deliver.handlers.watch import Watch
from firstcall.deliver.models.job import Job
from firstcall.deliver.models.lapse import Lapse
from firstcall.journal.models.entry import Entry

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def at(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def said() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def planned() -> list[str]:
    return list(Job.objects.order_by("id").values_list("key", flat=True))


def test_once_when_it_falls_silent_and_once_when_it_is_back() -> None:
    watch = Watch()
    beat("auditor", now=NOW)
    for seconds in (0, 30, 60):
        watch.look(now=at(seconds))
    assert (said(), planned()) == ([], [])
    for seconds in (61, 71, 81):
        watch.look(now=at(seconds))
    lapse = Lapse.objects.get()
    assert (lapse.since, lapse.noticed_at, lapse.ended_at) == (NOW, at(61), None)
    assert (said(), planned()) == (["auditor.silent"], [f"lapse:{lapse.pk}:begin"])
    beat("auditor", now=at(200))
    watch.look(now=at(201))
    watch.look(now=at(211))
    lapse.refresh_from_db()
    assert lapse.ended_at == at(201)
    assert said() == ["auditor.silent", "auditor.back"]
    assert planned() == [f"lapse:{lapse.pk}:begin", f"lapse:{lapse.pk}:end"]


def test_the_next_worker_goes_on_where_the_last_one_died() -> None:
    beat("auditor", now=NOW)
    first = Watch()
    first.look(now=at(0))
    first.look(now=at(61))
    second = Watch()
    for seconds in (70, 131):
        second.look(now=at(seconds))
    assert (said(), Lapse.objects.count()) == (["auditor.silent"], 1)
    beat("auditor", now=at(140))
    third = Watch()
    third.look(now=at(141))
    assert said() == ["auditor.silent", "auditor.back"]


def test_an_auditor_that_never_came_is_silent_too() -> None:
    watch = Watch()
    watch.look(now=at(0))
    watch.look(now=at(61))
    assert (Lapse.objects.get().since, said()) == (NOW, ["auditor.silent"])
