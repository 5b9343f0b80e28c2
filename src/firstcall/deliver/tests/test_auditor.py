"""The outside hears from us only while pages leave in time; worker and auditor watch each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from firstcall.deliver import auditor
from firstcall.deliver.auditor import Alarm, audit, silences
from firstcall.deliver.beat import beat, heard
from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.kinds import Parcel, Sent
from firstcall.deliver.models.job import Job
from firstcall.deliver.transport import Transport
from firstcall.kernel import clock

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


@pytest.fixture
def outside(httpserver: HTTPServer, settings: Any, tmp_path: Path) -> HTTPServer:
    httpserver.expect_request("/beat").respond_with_data("ok")
    settings.ENV = {
        **settings.ENV,
        "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"],
        "FIRSTCALL_HEARTBEAT_URL": httpserver.url_for("/beat"),
    }
    settings.DATA = tmp_path
    return httpserver


class Post:
    """A mail server that can be out of reach."""

    honours_key = False

    def __init__(self) -> None:
        self.sent: list[Parcel] = []
        self.away = False

    def send(self, parcel: Parcel) -> Sent:
        if self.away:
            raise Failed("away")
        self.sent.append(parcel)
        return Sent()


def at(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def judged(alarm: Alarm) -> dt.datetime | None:
    return alarm.silent_since


def late_page(*, seconds: int) -> None:
    due = clock.now() - dt.timedelta(seconds=seconds)
    Job.objects.create(
        kind="test.send", lane="page", key="k", payload={}, due=due, wanted_at=due, planned_at=due, state="waiting"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "pings"), [(None, 1), (2, 1), (11, 0)])
def test_pings_stop_when_a_page_is_late(outside: HTTPServer, seconds: int | None, pings: int) -> None:
    if seconds is not None:
        late_page(seconds=seconds)
    transport = Transport()
    assert audit(transport, alarm=Alarm()) is (pings == 1)
    assert len(outside.log) == pings
    transport.close()


@pytest.mark.django_db
def test_a_silent_worker_stops_the_pings_and_the_auditor_mails_the_admins_itself(outside: HTTPServer) -> None:
    beat("worker", now=clock.now() - dt.timedelta(hours=1))
    post = Post()
    alarm = Alarm(admins=lambda: ["ada@example.com"], mail=post, watching_since=clock.now() - dt.timedelta(minutes=2))
    transport = Transport()
    assert audit(transport, alarm=alarm) is False
    assert audit(transport, alarm=alarm) is False
    assert ([one.to for one in post.sent], outside.log) == (["ada@example.com"], [])
    assert post.sent[0].subject.startswith("Firstcall pages nobody since ")
    beat("worker", now=clock.now())
    assert audit(transport, alarm=alarm) is True
    assert (alarm.silent_since, len(outside.log)) == (None, 1)
    transport.close()


def test_who_could_not_be_told_is_told_later_and_a_second_silence_is_told_anew(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    post = Post()
    alarm = Alarm(admins=lambda: ["ada@example.com"], mail=post)
    beat("worker", now=NOW)
    alarm.look(late=None, now=at(0))
    alarm.look(late=None, now=at(60))
    assert judged(alarm) is None
    post.away = True
    alarm.look(late=None, now=at(61))
    assert (judged(alarm), post.sent) == (NOW, [])
    post.away = False
    alarm.look(late=None, now=at(71))
    alarm.look(late=None, now=at(81))
    assert len(post.sent) == 1
    beat("worker", now=at(90))
    alarm.look(late=None, now=at(91))
    alarm.look(late=None, now=at(151))
    assert (judged(alarm), len(post.sent)) == (at(90), 2)


def test_a_worker_on_another_machine_is_judged_by_the_late_pages(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    alarm = Alarm()
    alarm.look(late=None, now=at(0))
    alarm.look(late=60, now=at(300))
    assert alarm.silent_since is None
    alarm.look(late=61, now=at(310))
    assert alarm.silent_since == at(249)


def test_what_the_pages_show(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    alarm = Alarm()
    monkeypatch.setattr(auditor, "ALARM", alarm)
    assert silences(now=NOW) == {}
    beat("auditor", now=NOW)
    assert heard("auditor") == NOW
    assert silences(now=at(60)) == {}
    assert silences(now=at(61)) == {"auditor": NOW}
    alarm.silent_since = at(5)
    assert silences(now=at(61)) == {"auditor": NOW, "worker": at(5)}
