"""A report is saved at once, stands in the room of its flow, and is joined, declared from or left by itself."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.report import Report
from firstcall.journal.models.entry import Entry
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.call_back import promise_call_back
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.report import take_report
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.lifeline import moments_of
from firstcall.respond.queries.report import has_called, reports_of
from tests.cast import Cast
from tests.friday import MINUTE, NOW, run_reaction

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def checkout() -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")


def signed_in(client: Client, who: User) -> Client:
    client.force_login(who)
    return client


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


def opened(flow: Flow | None, by: User, *, title: str = "Checkout fails", practice: bool = False) -> Incident:
    return open_incident(
        title=title, flow=flow, severity=2, symptom="", impact_started_at=None, by=actor_of(by), now=NOW - 9 * MINUTE,
        accepted=True, practice=practice,
    )  # fmt: skip


def told_of(report: Report) -> list[str]:
    return list(Entry.objects.filter(subject=f"report:{report.pk}").order_by("pk").values_list("kind", flat=True))


def test_a_report_is_saved_at_once_and_asks_for_what_is_missing(client: Client, cast: Cast) -> None:
    Customer.objects.create(name="Bakery Union")
    made = signed_in(client, cast.cleo).post(
        reverse("report_new"), {"seen": "The system is down", "who": "bakery union"}
    )
    report = Report.objects.get()
    assert (made.url, report.by, report.customer.name if report.customer else "") == (  # type: ignore[attr-defined]
        reverse("report", args=[report.pk]), cast.cleo, "Bakery Union",
    )  # fmt: skip
    page = text_of(client.get(reverse("report", args=[report.pk])).content)
    assert page.index("It is saved.") < page.index("An error text or code would help most")
    client.post(
        reverse("report", args=[report.pk]),
        {
            "seen": "After 'Pay' the page turns white", "error": "CG-502", "since": "2026-11-20T22:40",
            "who": "Bakery Union", "picture": SimpleUploadedFile("x.exe", PNG),
        },
    )  # fmt: skip
    report.refresh_from_db()
    assert (report.error, report.since) == ("CG-502", dt.datetime(2026, 11, 20, 21, 40, tzinfo=dt.UTC))
    kept = client.get(reverse("report_picture", args=[report.pk]))
    assert (kept["Content-Type"], kept.content) == ("image/png", PNG)
    assert sorted(Entry.objects.filter(subject=f"report:{report.pk}").values_list("kind", flat=True)) == [
        "report.amended", "report.filed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"seen": "  "}, "Say what is seen"),
        ({"seen": "x", "symptom": "gremlins"}, "Choose one of the words"),
        ({"seen": "x", "since": "2026-11-20T23:40"}, "It can't have begun in the future."),
        ({"seen": "x", "since": "yesterday"}, "Write the time as"),
        ({"seen": "x", "picture": SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")}, "This is no picture"),
    ],
)
def test_a_report_that_is_refused_is_not_kept(client: Client, cast: Cast, sent: dict[str, object], field: str) -> None:
    answer = signed_in(client, cast.cleo).post(reverse("report_new"), sent)
    assert answer.status_code == 422
    assert field in answer.content.decode().replace("&#x27;", "'")
    assert (Report.objects.count(), Job.objects.filter(kind="reactions.report_filed").count()) == (0, 0)


def test_a_report_is_read_by_who_wrote_it_and_by_nobody_beside(client: Client, cast: Cast) -> None:
    signed_in(client, cast.cleo).post(reverse("report_new"), {"seen": "Payments fail"})
    path = reverse("report", args=[Report.objects.get().pk])
    assert client.get(path).status_code == 200
    assert signed_in(client, cast.ben).get(path).status_code == 404
    assert signed_in(client, cast.ada).get(path).status_code == 200
    assert signed_in(client, cast.eve).get(path).status_code == 403
    assert "Payments fail" in text_of(signed_in(client, cast.ben).get(reverse("reports")).content)


def test_the_form_offers_the_room_of_the_flow_that_is_chosen(client: Client, cast: Cast, checkout: Flow) -> None:
    incident = opened(checkout, cast.ada)
    opened(checkout, cast.ada, practice=True)
    part = signed_in(client, cast.cleo).get(reverse("report_new"), {"part": "offer", "flow": str(checkout.pk)}).content
    assert "‘Checkout’ is being worked on since 23:03" in text_of(part)
    assert f'value="{incident.pk}" checked' in part.decode()
    assert client.get(reverse("report_new"), {"part": "offer", "flow": "999"}).content.strip() == b""


@pytest.mark.parametrize(
    ("sent", "joins", "apart"),
    [
        ({}, True, False),  # the offer was never seen: without a script
        ({"incident": "own", "offered": "own"}, True, False),
        ({"incident": "", "offered": "own"}, False, True),
        ({"incident": "987654", "offered": "own"}, True, False),
    ],
)
def test_it_is_in_the_room_of_its_flow_within_one_save(
    client: Client, cast: Cast, checkout: Flow, sent: dict[str, str], joins: bool, apart: bool
) -> None:
    incident = opened(checkout, cast.ada)
    sent = {name: str(incident.pk) if value == "own" else value for name, value in sent.items()}
    signed_in(client, cast.cleo).post(
        reverse("report_new"), {"seen": "Cards fail", "who": "Corner Bakery", "flow": checkout.pk, **sent}
    )
    report = Report.objects.get()
    assert (report.incident, report.apart) == (incident.pk if joins else None, apart)
    assert Job.objects.filter(kind="reactions.report_filed").count() == 0
    page = text_of(client.get(reverse("report", args=[report.pk])).content)
    assert ("It is in the room of INC-" in page, "We have people on it now." in page) == (joins, joins)
    assert (f"Add to {incident.reference}: Checkout fails" in page) is not joins


def test_a_flow_that_is_said_later_brings_it_in(client: Client, cast: Cast, checkout: Flow) -> None:
    incident = opened(checkout, cast.ada)
    report = file_report(seen="It is slow", by=actor_of(cast.cleo), now=NOW)
    signed_in(client, cast.cleo).post(
        reverse("report", args=[report.pk]), {"seen": "It is slow", "flow": checkout.pk, "phone": "+49 000 7"}
    )
    report.refresh_from_db()
    assert (report.incident, report.phone) == (incident.pk, "+49 000 7")


def test_what_waits_joins_any_open_room_in_one_tap_with_the_call_promised_in_it(
    client: Client, cast: Cast, checkout: Flow
) -> None:
    incident = opened(checkout, cast.ada)
    report = file_report(seen="All is dead", who="Corner Bakery", phone="+49 000 7", by=actor_of(cast.cleo), now=NOW)
    promise_call_back(
        incident=None, customer=None, customer_name="Corner Bakery", phone="+49 000 7", owner=cast.cleo,
        due_at=NOW + 15 * MINUTE, report=report.pk, by=actor_of(cast.cleo), now=NOW,
    )  # fmt: skip
    signed_in(client, cast.ben)
    for path in (reverse("now"), reverse("reports")):
        page = client.get(path).content.decode()
        assert f'action="{reverse("report_join", args=[report.pk])}"' in page
        assert f"Add to {incident.reference}: Checkout fails" in page and 'href="tel:+49 000 7"' in page
    answer = client.post(reverse("report_join", args=[report.pk]), {"incident": incident.pk})
    assert answer["Location"] == reverse("room", args=[incident.pk])
    report.refresh_from_db()
    call = CallBack.objects.get()
    assert (report.incident, call.incident) == (incident.pk, incident)
    assert told_of(report) == ["report.filed", "report.joined"]
    page = text_of(client.get(reverse("room", args=[incident.pk])).content)
    for words in ("Told us themselves: Corner Bakery.", "Corner Bakery: +49 000 7", "From 1 report",
                  "Ben brought a report here", "Cleo will call Corner Bakery back"):  # fmt: skip
        assert words in page
    client.post(reverse("report_join", args=[report.pk]), {"incident": incident.pk})
    assert told_of(report) == ["report.filed", "report.joined"]


def test_what_was_joined_wrongly_goes_out_again_and_no_reaction_brings_it_back(
    client: Client, cast: Cast, checkout: Flow
) -> None:
    incident = opened(checkout, cast.ada)
    report = file_report(seen="Odd", flow=checkout, by=actor_of(cast.cleo), now=NOW, incident=incident.pk)
    signed_in(client, cast.cleo).post(reverse("report_join", args=[report.pk]), {"incident": ""})
    report.refresh_from_db()
    assert (report.incident, report.apart, has_called(incident)) == (None, True, False)
    client.post(reverse("report", args=[report.pk]), {"seen": "Odd indeed", "flow": checkout.pk})
    report.refresh_from_db()
    assert (report.incident, report.seen) == (None, "Odd indeed")
    assert Job.objects.filter(kind="reactions.report_filed").count() == 0
    run_reaction("reactions.report_filed", NOW, report=report.pk)
    report.refresh_from_db()
    assert (report.incident, told_of(report)) == (None, ["report.filed", "report.parted", "report.amended"])


def test_a_room_that_is_over_or_hidden_takes_nothing(client: Client, cast: Cast, checkout: Flow) -> None:
    over, hidden = opened(checkout, cast.ada), opened(None, cast.ada)
    change_state(incident=over, state="resolved", by=actor_of(cast.ada), now=NOW)
    Incident.objects.filter(pk=hidden.pk).update(restricted=True)
    report = file_report(seen="Odd", by=actor_of(cast.cleo), now=NOW)
    signed_in(client, cast.ben)
    for wanted in (over.pk, hidden.pk, "x"):
        client.post(reverse("report_join", args=[report.pk]), {"incident": wanted})
    report.refresh_from_db()
    assert (report.incident, told_of(report)) == (None, ["report.filed"])
    assert "Nobody works on that any more" in text_of(client.get(reverse("reports")).content)


def test_whose_report_it_is_not_joins_nothing_that_has_its_room(client: Client, cast: Cast, checkout: Flow) -> None:
    incident, other = opened(checkout, cast.ada), opened(None, cast.ada, title="Mail is late")
    report = file_report(seen="Odd", by=actor_of(cast.cleo), now=NOW, incident=incident.pk)
    path = reverse("report_join", args=[report.pk])
    assert signed_in(client, cast.ben).post(path, {"incident": other.pk}).status_code == 404
    assert signed_in(client, cast.eve).post(path, {"incident": other.pk}).status_code == 403
    report.refresh_from_db()
    assert report.incident == incident.pk


def test_nobody_has_called_is_true_of_its_flow_too(cast: Cast, checkout: Flow) -> None:
    incident, drill = opened(checkout, cast.ada), opened(checkout, cast.ada, practice=True)
    said = [(NOW - dt.timedelta(hours=7), False), (NOW, True)]
    for at, apart in said:
        file_report(seen="x", flow=checkout, by=actor_of(cast.cleo), now=at, apart=apart)
    assert (has_called(incident), reports_of(incident, viewer=cast.ben)) == (False, [])
    waits = Report.objects.create(seen="Cards fail", flow=checkout, by=cast.cleo, at=NOW)
    assert (has_called(incident), reports_of(incident, viewer=cast.ben)) == (True, [waits])
    assert has_called(drill) is False


def test_declared_from_a_report_it_carries_all_and_takes_it_in(client: Client, cast: Cast, checkout: Flow) -> None:
    began = NOW - dt.timedelta(days=2, seconds=7)
    report = file_report(
        seen="Cards are refused at both tills, and " + "so on " * 60, symptom="transactions", since=began,
        who="Corner Bakery", phone="+49 000 7", flow=checkout, error="CG-504", by=actor_of(cast.cleo), now=NOW,
        apart=True,
    )  # fmt: skip
    promise_call_back(
        incident=None, customer=None, customer_name="Corner Bakery", owner=cast.cleo, due_at=NOW + MINUTE,
        report=report.pk, by=actor_of(cast.cleo), now=NOW,
    )  # fmt: skip
    page = signed_in(client, cast.ben).get(reverse("declare"), {"report": report.pk}).content.decode()
    fields = dict(re.findall(r'name="(title|since|said_by|report)"[^>]*? value="([^"]*)"', page))
    assert fields == {
        "title": report.seen[:160], "since": "23:11", "said_by": "Corner Bakery", "report": str(report.pk),
    }  # fmt: skip
    assert f'value="{checkout.pk}" checked' in page and 'value="transactions" checked' in page
    client.post(reverse("declare"), {**fields, "symptom": "transactions", "flow": checkout.pk})
    incident = Incident.objects.get()
    report.refresh_from_db()
    assert (incident.flow, incident.impact_started_at, incident.error, incident.said_by, incident.symptom) == (
        checkout, began, "CG-504", "Corner Bakery", "Transactions fail",
    )  # fmt: skip
    assert (report.incident, CallBack.objects.get().incident) == (incident.pk, incident)


def test_the_life_line_shows_it_from_when_it_was_written(cast: Cast, checkout: Flow) -> None:
    incident = opened(checkout, cast.ada)
    for written, joined in ((NOW - 5 * MINUTE, NOW - 4 * MINUTE), (NOW - 40 * MINUTE, NOW)):
        report = file_report(seen="Cards fail", by=actor_of(cast.cleo), now=written)
        take_report(report=report, incident=incident, by=actor_of(cast.ben), now=joined)
    assert [one.at for one in moments_of(incident, []) if one.what == "report"] == [NOW - 40 * MINUTE]


def test_declared_for_practice_it_leaves_the_report(client: Client, cast: Cast) -> None:
    report = file_report(seen="Cards fail", by=actor_of(cast.cleo), now=NOW)
    signed_in(client, cast.ben).post(reverse("declare"), {"title": "Drill", "practice": "yes", "report": report.pk})
    report.refresh_from_db()
    assert (report.incident, Incident.objects.count()) == (None, 1)


def test_what_makes_no_sense_is_kept_with_its_report_on_the_form(client: Client, cast: Cast) -> None:
    report = file_report(seen="Cards fail", by=actor_of(cast.cleo), now=NOW)
    answer = signed_in(client, cast.ben).post(
        reverse("declare"), {"title": "Cards", "since": "dawn", "report": report.pk}
    )
    assert (answer.status_code, Incident.objects.count()) == (422, 0)
    assert f'name="report" value="{report.pk}"' in answer.content.decode()


def test_the_list_asks_as_often_when_more_waits(client: Client, cast: Cast, checkout: Flow) -> None:
    opened(checkout, cast.ada)
    signed_in(client, cast.ben)
    asked = []
    for n in range(2):
        for m in range(1 + 5 * n):
            Report.objects.create(seen=f"report {n} {m}", by=cast.cleo, at=NOW)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("reports"))
        asked.append(len(seen))
    assert asked[0] == asked[1]
