"""Mail against a real SMTP server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.channels.mail.form import compose, message_id
from firstcall.deliver.channels.mail.transport import MailChannel
from firstcall.deliver.kinds import Parcel, Refusal, Sent
from tests.sinks import SmtpSink

NOW = dt.datetime(2026, 11, 20, 22, 56, tzinfo=dt.UTC)
PARCEL = Parcel("mail", to="ben@example.com", key="42:1:0:2:mail", subject="SEV1 Checkout", text="You are on call.")


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        settings.ENV = {**settings.ENV, "EMAIL_URL": server.url}
        yield server


def test_a_mail_arrives_with_the_message_id_of_its_key(sink: SmtpSink, settings: Any) -> None:
    result = MailChannel().send(PARCEL)
    assert result == Sent("250 taken")
    assert message_id(PARCEL.key, base_url=settings.BASE_URL).encode() in sink.taken[0].content


def test_a_recipient_refused_for_good(sink: SmtpSink) -> None:
    sink.rcpt = "550 no such person"
    assert MailChannel().send(PARCEL) == Refusal("The mail server refused ben@example.com: 550 no such person")
    assert sink.taken == []


def test_a_greylisting_is_tried_again_and_surely_did_not_arrive(sink: SmtpSink) -> None:
    sink.rcpt = "451 later"
    with pytest.raises(Failed) as failed:
        MailChannel().send(PARCEL)
    assert failed.value.maybe_arrived is False


def test_silence_after_the_data_may_have_arrived(sink: SmtpSink) -> None:
    sink.data = "drop"
    with pytest.raises(Failed) as failed:
        MailChannel().send(PARCEL)
    assert failed.value.maybe_arrived is True
    assert len(sink.taken) == 1


def test_no_server_set_is_said() -> None:
    with pytest.raises(Failed, match="EMAIL_URL"):
        MailChannel().send(PARCEL)


def test_a_subject_cannot_smuggle_a_header_in() -> None:
    parcel = Parcel("mail", to="ben@example.com", key="k", subject="SEV1\r\nBcc: eve@example.com", text="x")
    message = compose(parcel, sender="a@example.com", base_url="http://localhost", now=NOW)
    assert message["Subject"] == "SEV1 Bcc: eve@example.com"
    assert message["Bcc"] is None


@pytest.mark.parametrize("address", ["a@example.com\r\nBcc: eve@example.com", "a@example.com,eve@example.com"])
def test_an_address_is_one_address(address: str) -> None:
    with pytest.raises(ValueError, match="more than one"):
        compose(Parcel("mail", to=address, key="k", text="x"), sender="a@b.c", base_url="http://localhost", now=NOW)
