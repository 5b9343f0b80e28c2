"""What an outage costs is said in one way wherever it is said: the same range, the same minutes."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.test import Client

from firstcall.kernel import clock
from firstcall.learn.commands.postmortem import draft_postmortem
from firstcall.learn.models.postmortem import Postmortem
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_component, add_dependency
from firstcall.ready.commands.flow import register_flow
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BEGAN = dt.datetime(2026, 11, 20, 21, 54, 20, tzinfo=dt.UTC)
NOW = BEGAN + dt.timedelta(minutes=17, seconds=50)  # 17 whole minutes; rounded it would be 18
RANGE = "€1,080–€2,460"  # 17 minutes of €6,200 to €8,600, 60 to 100 % hit: 1,054 to 2,437; Ada's 17:50 at €80: 24
HOUR = "€6,200–€8,600"


def outage(cast: Cast, *, dated: bool = True) -> Incident:
    """Checkout has been down for 17 minutes; Ada owns it from the first."""
    by = actor_of(cast.ada)
    flow = register_flow(
        name="Checkout", criticality="critical", cost_per_hour=6200, cost_per_hour_most=8600, owner=cast.ada, by=by,
        now=BEGAN,
    )  # fmt: skip
    add_dependency(needs=flow, needed=add_component(name="Payments", by=by, now=BEGAN), by=by, now=BEGAN)
    row = open_incident(
        title="Card payments fail", flow=flow, severity=1, symptom="Transactions fail", by=by, now=BEGAN, accepted=True,
        impact_started_at=BEGAN if dated else None,
    )  # fmt: skip
    take_role(incident=row, role="owner", user=cast.ada, by=by, now=BEGAN)
    return row


def read(client: Client, address: str) -> str:
    """The words of a page, as it is now."""
    with clock.read_from(lambda: NOW):
        return words_of(client, address)


def words_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page.content.decode())))


@pytest.mark.parametrize("over", [False, True], ids=["so far", "in all"])
def test_every_page_says_the_same_range_and_the_same_minutes(client: Client, cast: Cast, over: bool) -> None:
    row = outage(cast)
    if over:
        change_state(incident=row, state="resolved", by=actor_of(cast.ada), now=NOW, reason="CardGate is back")
        draft_postmortem(incident=row, by=actor_of(cast.ada), now=NOW)
        assert "lasted 17 minutes" in Postmortem.objects.get().story
    client.force_login(cast.ada)
    room, region = f"/incidents/{row.pk}/", f"/incidents/{row.pk}/?region=answers"
    ending = "in all" if over else "so far"
    said = {
        room: (f"About {HOUR} an hour; {RANGE} {ending}.", "17 min", "17 minutes of impact"),
        region: (f"About {HOUR} an hour; {RANGE} {ending}.", "17 minutes of impact", "our usual share for SEV1"),
        f"/incidents/{row.pk}/postmortem/": (RANGE, "17 minutes.", *(("17 minutes of impact",) if over else ())),
        "/evidence/": (f"1 incident in 12 months cost about {RANGE}.", "17 min"),
        "/flows/": (HOUR,),
        "/flows/checkout/": (HOUR,),
        "/flows/components/payments/": (f"about {HOUR} an hour",),
        "/flows/map/?node=component:payments": (HOUR,),
        "/ready/": (f"About {HOUR} an hour.",),
        "/": ("17 min",) if not over else (),
    }
    missing = {
        (address, words) for address, all_ in said.items() for words in all_ if words not in read(client, address)
    }
    assert missing == set()
    money = {
        one for address in (room, region, "/evidence/") for one in re.findall(r"€[\d,]+–€[\d,]+", read(client, address))
    }
    assert money == {HOUR, RANGE, "€1,050–€2,440"}  # the hour, the whole, and the part of it that is sales


def test_the_hour_it_says_is_the_one_it_was_reckoned_by_days_later_too(client: Client, cast: Cast) -> None:
    row = outage(cast)
    week = [100] * 168
    week[4 * 24 + 22] = week[4 * 24 + 23] = 6000  # Friday, 22 and 23 o'clock in the organisation's zone
    Flow.objects.update(by_hour=week)
    change_state(incident=row, state="resolved", by=actor_of(cast.ada), now=NOW, reason="CardGate is back")
    client.force_login(cast.ada)
    with clock.read_from(lambda: NOW + dt.timedelta(days=3)):
        page = words_of(client, f"/incidents/{row.pk}/")
        postmortem = words_of(client, f"/incidents/{row.pk}/postmortem/")
    said = re.search(r"About (€[\d,]+) an hour; (€[\d,]+–€[\d,]+) in all", page)
    assert said is not None
    assert f"{said[1]} an hour, from the register of flows" in page
    assert said[2] in postmortem


def test_while_nobody_has_said_since_when_it_counts_from_its_opening_and_says_so(client: Client, cast: Cast) -> None:
    row = outage(cast, dated=False)
    client.force_login(cast.ada)
    page = read(client, f"/incidents/{row.pk}/")
    assert f"{RANGE} so far" in page
    assert "17 minutes of impact, counted from when it was opened: nobody has said yet since when" in page
