"""The pages of alerts, the digest and sources, as each of the cast meets them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.source import make_source
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.source import Source, SourceKey
from firstcall.detect.tests.incoming import NOW, alert, send
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.ids import digest as digest_of
from firstcall.ready.models.component import Component
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


def signed_in(client: Client, who: object) -> Client:
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    return client


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


def test_the_empty_list_says_what_to_do_first(client: Client, cast: Cast) -> None:
    page = text_of(signed_in(client, cast.ben).get(reverse("alerts")).content)
    assert "Nothing sends us alerts yet." in page and "Make a source" in page


def test_the_verdict_comes_first_then_how_it_was_found(client: Client, cast: Cast, source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    signed_in(client, cast.ben)
    assert "One thing has paged and still fires." in text_of(client.get(reverse("alerts")).content)
    page = text_of(client.get(reverse("alert", args=[group.pk])).content)
    order = [
        "Paged, because Checkout is critical.",
        "Prometheus says: critical.",
        "The map knows the part it names: Payments service.",
        "Checkout needs it, and is critical.",
        "fired once",
        "Was this useful?",
    ]
    places = [page.find(words) for words in order]
    assert -1 not in places and places == sorted(places)


def test_the_answer_is_kept_and_journaled(client: Client, cast: Cast, source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    signed_in(client, cast.ben).post(reverse("alert_answer", args=[group.pk]), {"answer": "noise"})
    group.refresh_from_db()
    assert (group.answer, group.answered_by, group.answered_at) == ("noise", "Ben", NOW)
    assert Entry.objects.get(kind="group.answered").facts.data["answer"] == "Noise"


def test_an_answer_nobody_offers_changes_nothing(client: Client, cast: Cast, source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    signed_in(client, cast.ben).post(reverse("alert_answer", args=[group.pk]), {"answer": "perhaps"})
    group.refresh_from_db()
    assert (group.answer, Entry.objects.filter(kind="group.answered").count()) == ("", 0)


def test_who_may_only_read_answers_nothing(client: Client, cast: Cast, source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    signed_in(client, cast.eve)
    assert client.post(reverse("alert_answer", args=[group.pk]), {"answer": "noise"}).status_code == 403
    assert client.post(reverse("alert_close", args=[group.pk])).status_code == 403
    group.refresh_from_db()
    assert (group.answer, group.closed_at) == ("", None)


def test_a_person_may_say_that_it_is_over(client: Client, cast: Cast, source: Source) -> None:
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    group = AlertGroup.objects.get()
    signed_in(client, cast.ben).post(reverse("alert_close", args=[group.pk]))
    group.refresh_from_db()
    assert (group.closed_at, group.alerts.get().ended_at) == (NOW, NOW)
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW)
    assert Job.objects.filter(kind="reactions.group_paged").count() == 2


def test_a_raw_text_is_shown_as_text_and_a_strange_link_is_none(client: Client, cast: Cast, source: Source) -> None:
    send(source, body=b"<script>alert(1)</script>", unreadable="The body is not readable JSON.")
    bad = {**alert("Odd"), "generatorURL": "javascript:alert(1)"}
    send(source, bad)
    fold_inbox(now=NOW)
    signed_in(client, cast.ben)
    pages = [client.get(reverse("alert", args=[group.pk])).content.decode() for group in AlertGroup.objects.all()]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in "".join(pages)
    assert "<script>alert" not in "".join(pages) and 'href="javascript' not in "".join(pages)


def test_the_digest_is_answered_line_by_line_and_carried_over_by_name(
    client: Client, cast: Cast, source: Source
) -> None:
    send(source, alert("ReportsSlow", job="reporting"), alert("Odd", job="elsewhere", severity="warning"))
    fold_inbox(now=NOW)
    signed_in(client, cast.ben)
    page = text_of(client.get(reverse("digest")).content)
    assert "2 things wait." in page and "it touches Reports only, nothing else is wrong." in page
    first = AlertGroup.objects.order_by("id")[0]
    client.post(reverse("alert_answer", args=[first.pk]), {"answer": "fine", "next": "digest"})
    client.post(reverse("digest"))
    page = text_of(client.get(reverse("digest")).content)
    assert "One thing waits." in page and "Last read by Ben" in page
    assert Entry.objects.get(kind="digest.read").facts.data == {"count": 1}


def test_a_key_is_shown_once_with_what_to_paste(client: Client, cast: Cast) -> None:
    made = signed_in(client, cast.ada).post(reverse("sources"), {"name": "Prometheus", "kind": "alertmanager"})
    page = made.content.decode()
    keys = set(re.findall(r"fci_[A-Za-z0-9_-]+", page))
    assert len(keys) == 1 and made["Cache-Control"] == "no-store"
    key = keys.pop()
    assert SourceKey.objects.get().digest == digest_of(key)
    assert page.index("credentials: " + key) < page.index(f"/in/{key}/alertmanager")
    assert key not in client.get(reverse("sources")).content.decode()


def test_what_to_paste_names_a_part_of_ours(client: Client, cast: Cast) -> None:
    names = {"name": "Probes", "kind": "generic"}
    assert '"component": "payments"' in text_of(signed_in(client, cast.ada).post(reverse("sources"), names).content)
    Component.objects.create(name="Checkout API", slug="checkout-api")
    page = text_of(client.post(reverse("sources"), {**names, "name": "Our probes"}).content)
    assert '"component": "checkout-api"' in page


def test_a_source_without_a_name_is_not_made(client: Client, cast: Cast) -> None:
    answer = signed_in(client, cast.ada).post(reverse("sources"), {"name": " ", "kind": "generic"})
    assert (answer.status_code, Source.objects.count()) == (422, 0)
    assert "Give the source a name" in text_of(answer.content)


def test_two_keys_at_once_and_no_third(client: Client, cast: Cast) -> None:
    source, _ = make_source(name="Prometheus", kind="alertmanager", by=MACHINE, now=NOW)
    signed_in(client, cast.ada)
    assert client.post(reverse("key_new", args=[source.pk])).status_code == 200
    assert client.post(reverse("key_new", args=[source.pk])).status_code == 302
    first, second = SourceKey.objects.order_by("id")
    client.post(reverse("key_end", args=[first.pk]))
    assert list(SourceKey.objects.filter(ended_at__isnull=True)) == [second]
    client.post(reverse("source_end", args=[source.pk]))
    assert not SourceKey.objects.filter(ended_at__isnull=True).exists()
    client.get(reverse("sources"))  # shows the message
    assert "Nothing sends us alerts yet." in text_of(client.get(reverse("sources")).content)


def test_support_may_not_make_sources(client: Client, cast: Cast) -> None:
    answer = signed_in(client, cast.cleo).post(reverse("sources"), {"name": "Mine", "kind": "generic"})
    assert (answer.status_code, Source.objects.count()) == (403, 0)
