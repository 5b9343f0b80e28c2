"""A parcel as a mail (RFC 5322). The same parcel always gives the same Message-ID, so that a repeat can be told."""

from __future__ import annotations

import datetime as dt
import hashlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from firstcall.deliver.kinds import Parcel

# A subject stays on one line: some lock screens show a folded one with a gap in front.
LONG_LINES = SMTP.clone(max_line_length=300)


def message_id(key: str, *, base_url: str) -> str:
    """The Message-ID of an attempt key: unique to it, the same over all tries."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def one_line(text: str) -> str:
    """A header's text: no line break can smuggle in another header."""
    return " ".join(text.split())


def compose(parcel: Parcel, *, sender: str, base_url: str, now: dt.datetime) -> EmailMessage:
    """The whole message; raises ValueError for an address with a line break in it."""
    if any(char in parcel.to for char in "\r\n,"):
        raise ValueError("the address holds more than one address")
    message = EmailMessage(policy=LONG_LINES)
    message["From"] = sender
    message["To"] = parcel.to
    message["Subject"] = one_line(parcel.subject)[:250]
    message["Message-ID"] = message_id(parcel.key, base_url=base_url)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in parcel.headers.items():
        message[name] = one_line(value)
    message.set_content(parcel.text)
    if parcel.html:
        message.add_alternative(parcel.html, subtype="html")
    return message
