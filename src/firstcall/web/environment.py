"""The environment's settings: each declared once, with its default, its check and the line the docs show."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from firstcall.kernel.clock import zones

PREFIX = "FIRSTCALL_"
SECRET_LENGTH = 32  # characters of a key, at least
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
MAIL_SCHEMES = {  # what encrypts, and the usual port (RFC 8314)
    "smtp": ("", 25),
    "smtp+tls": ("tls", 587),
    "submission": ("tls", 587),
    "smtp+ssl": ("ssl", 465),
    "smtps": ("ssl", 465),
}


class WrongSetting(Exception):
    """Values that can't be used, a line each: the setting, what it got unless that is secret, what it takes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`read` turns the text into a value or raises ValueError; `takes` finishes the sentence 'takes …'.

    The text of a `secret` one holds a password and is never shown.
    """

    name: str
    default: str
    read: Callable[[str], Any]
    takes: str
    meaning: str
    secret: bool = False


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _host(text: str) -> str:
    if not HOST_NAME.fullmatch(text):
        ipaddress.ip_address(text)
    elif text.replace(".", "").isdigit():
        ipaddress.IPv4Address(text)
    return text


def _folder(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise ValueError
    return Path(text)


def _port(text: str) -> int:
    port = _number(text)
    if port > 65535:
        raise ValueError
    return port


def _zone(text: str) -> str:
    if text not in zones():
        raise ValueError
    return text


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError
    return text


def _hour(text: str) -> int:
    hour = _number(text)
    if hour > 23:
        raise ValueError
    return hour


def _url(text: str) -> str:
    """A web address, '' for none."""
    if text == "":
        return text
    parts = urlsplit(text)
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment
    if wrong or parts.port == 0 or any(letter.isspace() for letter in text):
        raise ValueError
    return text


def _base(text: str) -> str:
    """A web address without anything behind its host: pages stand at its root."""
    parts = urlsplit(_url(text))
    if parts.query or parts.path not in ("", "/") or "?" in text:
        raise ValueError
    return text.rstrip("/")


def _networks(text: str) -> list[str]:
    """Each an address or a network; one with bits behind its mask is most likely a slip."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    return [str(ipaddress.ip_network(word) if "/" in word else ipaddress.ip_address(word)) for word in words]


def _sender(text: str) -> str:
    _name, address = parseaddr(text)
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", address) or not text.isprintable():
        raise ValueError
    return text


def _flag(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]


def _database(text: str) -> str:
    """'' for SQLite in the data folder. A database in memory would be another one in each process."""
    if text == "":
        return text
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        good = text.startswith("sqlite:///") and len(parts.path) > 1 and ":memory:" not in text
    else:
        good = parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1 and parts.port != 0
    if not good:
        raise ValueError
    return text


def _email(text: str) -> str:
    """'' for no mail. Returned as `smtp://…?tls=True` or `?ssl=True`: that is how its reader knows of encryption."""
    if text == "":
        return text
    parts = urlsplit(text)
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname or parts.port == 0:
        raise ValueError
    kind, port = MAIL_SCHEMES[parts.scheme]
    if not kind:
        return text
    place = parts.netloc if parts.port else f"{parts.netloc.rstrip(':')}:{port}"
    return parts._replace(scheme="smtp", netloc=place, query=f"{kind}=True").geturl()


SETTINGS = [
    Setting("FIRSTCALL_HOST", "127.0.0.1", _host, "an address such as 127.0.0.1", "Address to listen on."),
    Setting("FIRSTCALL_PORT", "8000", _port, "a port number from 0 to 65535", "Port to listen on."),
    Setting("FIRSTCALL_DATA", "data", _folder, "a folder", "Folder of the database, the keys and the published pages."),
    Setting(
        "DATABASE_URL",
        "",
        _database,
        "sqlite:///file or postgresql://user:password@host/name",
        "The database; empty: SQLite in the data folder.",
        secret=True,
    ),
    Setting(
        "EMAIL_URL",
        "",
        _email,
        "smtp://user:password@host:port, or smtp+tls:// or smtp+ssl://",
        "The mail server; empty: no mail leaves, and doctor says so.",
        secret=True,
    ),
    Setting(
        "FIRSTCALL_MAIL_FROM",
        "Firstcall <firstcall@localhost>",
        _sender,
        "a sender such as Firstcall <firstcall@example.com>",
        "Sender of all mail.",
    ),
    Setting(
        "FIRSTCALL_BASE_URL",
        "",
        _base,
        "an address such as https://firstcall.example.com, with no path",
        "What every link is built from; empty: http://localhost with the port.",
    ),
    Setting(
        "FIRSTCALL_TRUSTED_PROXIES",
        "",
        _networks,
        "addresses or networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas",
        "Proxies whose forwarded headers count.",
    ),
    Setting(
        "FIRSTCALL_EGRESS_ALLOW",
        "",
        _networks,
        "networks such as 10.0.0.0/8, separated by commas",
        "Private networks that webhooks may reach.",
    ),
    Setting(
        "FIRSTCALL_HEARTBEAT_URL",
        "",
        _url,
        "a web address such as https://example.com/ping",
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


def read_environment(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every setting's value by name. Raises WrongSetting with a line for each value that can't be used."""
    given = os.environ if source is None else source
    values: dict[str, Any] = {}
    wrong = []
    for setting in SETTINGS:
        text = given.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except (ValueError, KeyError):
            got = "can't be used as it is:" if setting.secret else f"is '{text}', but"
            wrong.append(f"{setting.name} {got} it takes {setting.takes}.")
    if wrong:
        raise WrongSetting("\n".join(wrong))
    return values


def unknown_settings(source: Mapping[str, str]) -> list[str]:
    """A line for each variable that looks like a setting of ours and is none: most likely a slip of the pen."""
    names = [setting.name for setting in SETTINGS]
    ours = [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]
    lines = []
    for name in sorted(source):
        if name.startswith(PREFIX) and name not in names:
            near = get_close_matches(name.removeprefix(PREFIX), ours, n=1)
            lines.append(f"{name} is not a setting." + (f" Did you mean {PREFIX}{near[0]}?" if near else ""))
    return lines


def shown(setting: Setting, source: Mapping[str, str]) -> str:
    """What a person reads of a setting: no password."""
    text = source.get(setting.name)
    if text is None:
        return f"{setting.default} (not set)" if setting.default else "not set"
    if setting.secret and text:
        parts = urlsplit(text)
        place = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        return f"{parts.scheme}://{'…@' if parts.username else ''}{place}{parts.path}"
    return text or "empty"


def key_from(file: str, folder: Path, name: str) -> str:
    """The key in `file`, or the one of the data folder, made at first use with mode 0600. Raises WrongSetting."""
    path = Path(file) if file else folder / name
    if not file and not path.exists():
        _make_key(path)
    try:
        key = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise WrongSetting(f"The key file {path} can't be read: {why}.") from None
    if len(key) < SECRET_LENGTH:
        raise WrongSetting(f"The key file {path} holds {len(key)} characters, {SECRET_LENGTH} are the least.")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made aside and linked in whole: another process that starts now finds no key, or all of it.
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
