"""The Friday evening plays to its end, by the same commands people give."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.desk.evening import Evening
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.models.report import Report
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.update import Audience, Update
from firstcall.inform.queries.clocks import last_updates
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.learn.models.postmortem import Postmortem
from firstcall.respond.models.incident import Incident
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 22, 2, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def test_the_evening_plays_from_the_call_to_the_lesson() -> None:
    make_person("Ada", "admin")  # type: ignore[arg-type]
    evening = Evening(now=NOW)
    now = NOW
    for scene in evening.scenes():
        now += dt.timedelta(minutes=2)
        scene.happen(now)
        assert evening.heard_all is (scene.happen.__name__ not in ("alerts", "identified"))
        fold_inbox(now=now)
        assert evening.heard_all
    incident = Incident.objects.get()
    assert (incident.state, incident.severity, Report.objects.count()) == ("resolved", 1, 1)
    said = Update.objects.filter(audience="public").order_by("number").values_list("state", flat=True)
    assert list(said) == ["investigating", "monitoring", "resolved"]
    last = last_updates([incident])[incident.pk]
    assert {audience: word.state for audience, word in last.items()} == dict.fromkeys(Audience.values, "resolved")
    shown = StatusPage.objects.get().versions.latest("number").content["incidents"][0]
    assert shown["name"] == "Checkout: did not work as it should"
    assert Postmortem.objects.get().incident == incident
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"report.filed", "decision.made", "need.met", "update.published"} <= kinds


def test_without_an_account_it_says_what_to_do() -> None:
    with pytest.raises(Refused, match="first account"):
        Evening(now=NOW)
    assert Incident.objects.count() == 0
