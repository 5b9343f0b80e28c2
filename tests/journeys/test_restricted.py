"""An incident for few: nothing of it, and nothing of its signals, stands on any page of those who were not let in."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from firstcall.deliver.kinds import Skip
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.digest import plan_digest
from firstcall.detect.commands.report import file_report
from firstcall.detect.handlers.digest import digest_mail
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.queries.group import groups_of_incident
from firstcall.detect.queries.report import reports_of_incident, reports_waiting
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.update import Audience
from firstcall.kernel.refusal import Gone
from firstcall.learn.commands.postmortem import draft_postmortem
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import change_state, open_incident, restrict_incident
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for
from firstcall.web.door.permission import may_follow
from tests.friday import MINUTE, NOW, Friday, make_friday, run_reaction

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
SECRETS = ("INC-", "Ledger leaks", "CG-504", "tills are dead", "/incidents/{n}/", "only for Ben", "restricted")
OUTSIDE = [access for access in Access if access != Access.ADMIN]
# Where links alone may not lead.
ADDRESSES = (
    "/", "/?region=now", "/incidents/", "/declare/", "/call/", "/call/?who=Bakery+Union", "/alerts/", "/alerts/digest/",
    "/alerts/reports/", "/alerts/sources/", "/report/", "/evidence/", "/actions/", "/flows/", "/flows/checkout/",
    "/flows/map/", "/oncall/",
)  # fmt: skip


@pytest.fixture
def friday() -> Friday:
    """The evening, told to a few: Ben is let in, Eve is not. Words went out inside, and customers have called."""
    friday = make_friday()
    incident, cast = friday.incident, friday.cast
    ada = actor_of(cast.ada)
    restrict_incident(incident=incident, restricted=True, named=[cast.ben], by=ada, now=NOW)
    for signal in (Incident, AlertGroup, Alert):
        signal.objects.update(title="Ledger leaks")
    for author in (cast.cleo, cast.eve):
        report = file_report(seen="The tills are dead", flow=friday.flow, by=actor_of(author), now=NOW - MINUTE)
        run_reaction("reactions.report_filed", NOW, report=report.pk)
    publish_update(
        incident=incident, texts={Audience.INSIDE: "This is only for Ben."}, seen=0,
        next_due={Audience.INSIDE: NOW + 30 * MINUTE}, by=ada, now=NOW,
    )  # fmt: skip
    return friday


def enter(friday: Friday, client: Client, access: str) -> User:
    """Eve, with this access."""
    eve = friday.cast.eve
    eve.access = access
    eve.save(update_fields=["access"])
    client.force_login(eve)
    return eve


def secrets_on(friday: Friday, client: Client, path: str) -> list[str]:
    text = client.get(path).content.decode()
    return [f"{path}: {word}" for word in SECRETS if word.format(n=friday.incident.pk) in text]


def pages_from(client: Client, start: str) -> set[str]:
    """Every page of ours that links lead to."""
    found, coming = set(), [start]
    while coming:
        path = coming.pop()
        if path in found or path.startswith(("/account/", "/static/", "/live/", "/theme/", "/components/")):
            continue
        found.add(path)
        for link in re.findall(r'href="(/[^"#]*)', client.get(path).content.decode()):
            coming.append(link.replace("&amp;", "&"))
    return found


@pytest.mark.parametrize("access", OUTSIDE)
def test_no_page_shows_a_trace(client: Client, friday: Friday, access: str) -> None:
    Report.objects.filter(by=friday.cast.eve).delete()  # her own words she may read: see below
    enter(friday, client, access)
    pages = pages_from(client, "/") | set(ADDRESSES)
    assert len(pages) > len(ADDRESSES)
    assert [secret for path in sorted(pages) for secret in secrets_on(friday, client, path)] == []


@pytest.mark.parametrize("access", OUTSIDE)
def test_its_addresses_answer_as_if_it_were_not_there(client: Client, friday: Friday, access: str) -> None:
    enter(friday, client, access)
    number = friday.incident.pk
    paths = [f"/alerts/{friday.group.pk}/", f"/incidents/{number}/", f"/incidents/{number}/postmortem/"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    before = list(AlertGroup.objects.values())
    acts = [
        client.post(f"/alerts/{friday.group.pk}/{act}/", {"answer": "noise"}).status_code for act in ("answer", "close")
    ]
    assert set(acts) <= {403, 404}
    assert list(AlertGroup.objects.values()) == before


@pytest.mark.parametrize("access", OUTSIDE)
def test_it_stays_hidden_once_it_is_over(client: Client, friday: Friday, access: str) -> None:
    ada = actor_of(friday.cast.ada)
    Report.objects.filter(by=friday.cast.eve).delete()
    for state in ("monitoring", "resolved"):
        change_state(incident=friday.incident, state=state, by=ada, now=NOW, reason="it holds", all_the_same=True)
    draft_postmortem(incident=incident_for(viewer=friday.cast.ada, number=friday.incident.pk), by=ada, now=NOW)
    AlertGroup.objects.update(closed_at=NOW - MINUTE)
    enter(friday, client, access)
    assert [secret for path in ADDRESSES for secret in secrets_on(friday, client, path)] == []


@pytest.mark.parametrize("access", OUTSIDE)
def test_no_live_stream_tells_of_it(friday: Friday, client: Client, access: str) -> None:
    eve = enter(friday, client, access)
    assert not may_follow(eve, f"incident:{friday.incident.pk}")
    assert may_follow(friday.cast.ben, f"incident:{friday.incident.pk}")


def test_who_is_let_in_sees_the_signals_too(client: Client, friday: Friday) -> None:
    for person in (friday.cast.ada, friday.cast.ben):
        client.force_login(person)
        page = client.get(f"/alerts/{friday.group.pk}/").content.decode()
        assert f"Open the room of INC-{friday.incident.pk}" in page
        assert "Ledger leaks" in client.get("/alerts/").content.decode()
        assert groups_of_incident(friday.incident.pk, viewer=person) == [friday.group]
        assert len(reports_of_incident(friday.incident.pk, viewer=person)) == 2


def test_a_report_tells_its_author_nothing_of_what_took_it(client: Client, friday: Friday) -> None:
    eve = enter(friday, client, Access.SUPPORT)
    mine = Report.objects.get(by=eve)
    assert mine.incident == friday.incident.pk
    assert [one.pk for one in reports_waiting(viewer=eve)] == [mine.pk]
    assert reports_of_incident(friday.incident.pk, viewer=eve) == []
    page = client.get(f"/report/{mine.pk}/").content.decode()
    assert "It stands on the first page until somebody takes it up." in page and "INC-" not in page


def test_what_waits_for_the_morning_is_not_mailed_to_those_outside(friday: Friday) -> None:
    AlertGroup.objects.update(verdict="digest")
    morning = NOW + dt.timedelta(hours=12)
    eve = friday.cast.eve
    eve.access = Access.RESPONDER
    eve.save(update_fields=["access"])
    assert plan_digest(now=morning) == 2
    assert set(Job.objects.filter(kind="detect.digest_mail").values_list("payload__user", flat=True)) == {
        friday.cast.ada.pk, friday.cast.ben.pk,
    }  # fmt: skip
    skipped = digest_mail(Job(kind="detect.digest_mail", payload={"user": eve.pk}), now=morning)
    assert skipped == Skip("nothing waits any more")


def test_shown_again_it_is_there_for_everybody(client: Client, friday: Friday) -> None:
    restrict_incident(
        incident=friday.incident, restricted=False, named=[], by=actor_of(friday.cast.ada), now=NOW + MINUTE
    )
    eve = enter(friday, client, Access.STAKEHOLDER)
    assert client.get(f"/alerts/{friday.group.pk}/").status_code == 200
    assert groups_of_incident(friday.incident.pk, viewer=eve) == [friday.group]


def test_one_that_is_restricted_from_its_first_moment(friday: Friday) -> None:
    born = open_incident(
        title="Customer data seen by others", flow=None, severity=1, symptom="", impact_started_at=None,
        by=actor_of(friday.cast.ada), now=NOW, restricted=True,
    )  # fmt: skip
    group = AlertGroup.objects.create(
        key="k", title="Odd reads", verdict="page", reason="x", opened_at=NOW, last_at=NOW, incident=born.pk
    )
    assert groups_of_incident(born.pk, viewer=friday.cast.ben) == []
    assert groups_of_incident(born.pk, viewer=friday.cast.ada) == [group]
    with pytest.raises(Gone):
        incident_for(viewer=friday.cast.ben, number=born.pk)


def test_whoever_opens_one_for_few_is_let_in(friday: Friday) -> None:
    ben = friday.cast.ben
    born = open_incident(
        title="Customer data seen by others", flow=None, severity=1, symptom="", impact_started_at=None,
        by=actor_of(ben), now=NOW, restricted=True,
    )  # fmt: skip
    group = AlertGroup.objects.create(
        key="k", title="Odd reads", verdict="page", reason="x", opened_at=NOW, last_at=NOW, incident=born.pk
    )
    assert incident_for(viewer=ben, number=born.pk) == born
    assert groups_of_incident(born.pk, viewer=ben) == [group]
    with pytest.raises(Gone):
        incident_for(viewer=friday.cast.cleo, number=born.pk)
