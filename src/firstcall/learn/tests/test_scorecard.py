"""How an incident went, by its timeline alone."""

from __future__ import annotations

import datetime as dt

from firstcall.learn.rules.scorecard import Event, scorecard

OPENED = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return OPENED + dt.timedelta(minutes=minutes)


def judge(*events: Event) -> dict[str, bool | None]:
    return {
        score.mistake: score.good for score in scorecard(events, opened_at=OPENED, ended_at=at(90), first_inside=10)
    }


def test_a_good_evening() -> None:
    events = [Event("update.published", at(n), "support") for n in (6, 36, 66)] + [Event("decision.made", at(40))]
    assert judge(*events) == {"M1": True, "M2": None, "M3": True, "M4": True, "M5": True, "M6": True}


def test_a_silent_one() -> None:
    assert judge() == {"M1": False, "M2": None, "M3": True, "M4": True, "M5": False, "M6": False}
    assert judge(Event("wording.overruled", at(5)))["M3"] is False
