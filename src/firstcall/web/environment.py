"""The environment's settings: each declared once, with its default, its check and the line the docs show."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones


class WrongSetting(Exception):
    """A value that can't be used: the sentence names the setting, what it got, and what it takes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`read` turns the text into a value or raises ValueError; `takes` finishes the sentence 'takes …'."""

    name: str
    default: str
    read: Callable[[str], Any]
    takes: str
    meaning: str


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError
    return text


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError
    return text


def _hour(text: str) -> int:
    hour = int(text)
    if not 0 <= hour <= 23:
        raise ValueError
    return hour


def _url(text: str) -> str:
    if text == "":
        return text
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _flag(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]


def _database(text: str) -> str:
    if text and urlsplit(text).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError
    return text


def _email(text: str) -> str:
    if text and urlsplit(text).scheme not in ("smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "console"):
        raise ValueError
    return text


SETTINGS = [
    Setting("FIRSTCALL_HOST", "127.0.0.1", str, "an address to listen on, such as 127.0.0.1", "Address to listen on."),
    Setting("FIRSTCALL_PORT", "8000", _port, "a port number from 0 to 65535", "Port to listen on."),
    Setting("FIRSTCALL_DATA", "data", Path, "a folder", "Folder of the database, the keys and the published pages."),
    Setting(
        "DATABASE_URL",
        "",
        _database,
        "sqlite:///… or postgresql://…",
        "The database; empty: SQLite in the data folder.",
    ),
    Setting(
        "EMAIL_URL",
        "",
        _email,
        "smtp://user:password@host:port",
        "The mail server; empty: no mail leaves, and doctor says so.",
    ),
    Setting("FIRSTCALL_MAIL_FROM", "Firstcall <firstcall@localhost>", str, "an address", "Sender of all mail."),
    Setting(
        "FIRSTCALL_BASE_URL",
        "",
        _url,
        "an address such as https://firstcall.example.com",
        "What every link is built from; empty: http://localhost with the port.",
    ),
    Setting(
        "FIRSTCALL_TRUSTED_PROXIES",
        "",
        _words,
        "addresses separated by commas",
        "Proxies whose forwarded headers count.",
    ),
    Setting(
        "FIRSTCALL_EGRESS_ALLOW",
        "",
        _words,
        "networks such as 10.0.0.0/8 separated by commas",
        "Private networks that webhooks may reach.",
    ),
    Setting(
        "FIRSTCALL_HEARTBEAT_URL",
        "",
        _url,
        "a web address",
        "Outside dead man's switch, pinged while pages leave in time.",
    ),
    Setting("FIRSTCALL_ZONE", "UTC", _zone, "an IANA time zone such as Europe/Berlin", "The organisation's time zone."),
    Setting("FIRSTCALL_CURRENCY", "EUR", _currency, "three capital letters such as EUR", "Currency of every cost."),
    Setting(
        "FIRSTCALL_DIGEST_HOUR",
        "9",
        _hour,
        "an hour from 0 to 23",
        "When the digest is mailed, in the organisation's zone.",
    ),
    Setting(
        "FIRSTCALL_SECRET_KEY_FILE",
        "",
        str,
        "a file",
        "Signs sessions; empty: secret.key in the data folder, made at first start.",
    ),
    Setting(
        "FIRSTCALL_DATA_KEY_FILE",
        "",
        str,
        "a file",
        "Protects stored secrets; empty: data.key in the data folder, made at first start.",
    ),
    Setting(
        "FIRSTCALL_DEBUG", "false", _flag, "true or false", "Shows errors in full; for work on Firstcall itself only."
    ),
]


def read_environment(source: dict[str, str] | None = None) -> dict[str, Any]:
    """Every setting's value by name. Raises WrongSetting for the first value that can't be used."""
    given = os.environ if source is None else source
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = given.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except (ValueError, KeyError):
            raise WrongSetting(f"{setting.name} is '{text}', but it takes {setting.takes}.") from None
    return values


def key_from(file: str, folder: Path, name: str) -> str:
    """The key in `file`, or the one of the data folder, made at first use with mode 0600."""
    path = Path(file) if file else folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        if file:
            raise WrongSetting(f"the key file {file} is not there") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
