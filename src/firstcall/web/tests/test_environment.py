"""Settings from the environment: what each takes, and the sentence for what it doesn't."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import dj_email_url
import pytest

from firstcall.web.environment import SETTINGS, WrongSetting, key_from, read_environment, shown, unknown_settings

HOST = "an address such as 127.0.0.1"
PORT = "a port number from 0 to 65535"
DATABASE = "sqlite:///file or postgresql://user:password@host/name"
MAIL = "smtp://user:password@host:port, or smtp+tls:// or smtp+ssl://"
SENDER = "a sender such as Firstcall <firstcall@example.com>"
BASE = "an address such as https://firstcall.example.com, with no path"
PROXIES = "addresses or networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas"
EGRESS = "networks such as 10.0.0.0/8, separated by commas"
BEAT = "a web address such as https://example.com/ping"
ZONE = "an IANA time zone such as Europe/Berlin"
CURRENCY = "three capital letters such as EUR"
HOUR = "an hour from 0 to 23"
FLAG = "true or false"

GOOD: list[tuple[str, str, Any]] = [
    ("FIRSTCALL_HOST", "0.0.0.0", "0.0.0.0"),
    ("FIRSTCALL_HOST", "::1", "::1"),
    ("FIRSTCALL_HOST", "localhost", "localhost"),
    ("FIRSTCALL_PORT", "0", 0),
    ("FIRSTCALL_PORT", "65535", 65535),
    ("FIRSTCALL_DATA", "/srv/firstcall", Path("/srv/firstcall")),
    ("DATABASE_URL", "", ""),
    ("DATABASE_URL", "sqlite:////srv/one.sqlite3", "sqlite:////srv/one.sqlite3"),
    ("DATABASE_URL", "postgresql:///firstcall", "postgresql:///firstcall"),
    ("DATABASE_URL", "postgres://a:b@[::1]:5432/one", "postgres://a:b@[::1]:5432/one"),
    ("FIRSTCALL_MAIL_FROM", "a@b", "a@b"),
    ("FIRSTCALL_MAIL_FROM", '"Ada, on call" <ada@example.com>', '"Ada, on call" <ada@example.com>'),
    ("FIRSTCALL_BASE_URL", "https://firstcall.example.com/", "https://firstcall.example.com"),
    ("FIRSTCALL_BASE_URL", "http://localhost:8000", "http://localhost:8000"),
    ("FIRSTCALL_TRUSTED_PROXIES", " 10.0.0.7, 10.1.0.0/16 ,::1,", ["10.0.0.7", "10.1.0.0/16", "::1"]),
    ("FIRSTCALL_EGRESS_ALLOW", "10.0.0.0/8,fd00::/8", ["10.0.0.0/8", "fd00::/8"]),
    ("FIRSTCALL_HEARTBEAT_URL", "https://example.com/ping?a=1", "https://example.com/ping?a=1"),
    ("FIRSTCALL_ZONE", "America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
    ("FIRSTCALL_CURRENCY", "JPY", "JPY"),
    ("FIRSTCALL_DIGEST_HOUR", "0", 0),
    ("FIRSTCALL_DIGEST_HOUR", "23", 23),
    ("FIRSTCALL_DEBUG", "TRUE", True),
    ("FIRSTCALL_DEBUG", "no", False),
]
WRONG: list[tuple[str, str, list[str]]] = [
    ("FIRSTCALL_HOST", HOST, ["", " ", "127.0.0.256", "1.2.3", "http://localhost", "a b", "-a", "::1::", "a:80"]),
    ("FIRSTCALL_PORT", PORT, ["", "-1", "65536", "80.0", "http", "８０", "+80", " 80", "8_0"]),
    ("FIRSTCALL_DATA", "a folder", ["", " ", "a\0b"]),
    ("FIRSTCALL_MAIL_FROM", SENDER, ["", "nobody", "@", "a@", "a b", "a@b\nBcc: c@d", "Ada <ada>"]),
    (
        "FIRSTCALL_BASE_URL", BASE,
        [
            "firstcall.example.com", "ftp://example.com", "https://", "https://a:b@example.com", "https://example.com/x",
            "https://example.com?x", "https://example.com#x", "https://exam ple.com", "https://example.com:99999",
            "https://[::1",
        ],
    ),
    ("FIRSTCALL_TRUSTED_PROXIES", PROXIES, ["*", "proxy", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.1 10.0.0.2"]),
    ("FIRSTCALL_EGRESS_ALLOW", EGRESS, ["*", "inside.example.com", "10.0.0.1/8", "10.0.0.0/-1", "10.0.0.0;10.1.0.0"]),
    ("FIRSTCALL_HEARTBEAT_URL", BEAT, ["example.com", "ftp://example.com", "https://", "https://example.com/#a"]),
    ("FIRSTCALL_ZONE", ZONE, ["", "Berlin", "CEST", "europe/berlin", "UTC+1", "../etc/passwd"]),
    ("FIRSTCALL_CURRENCY", CURRENCY, ["", "eur", "EURO", "€", "EU1", "EUR\n"]),
    ("FIRSTCALL_DIGEST_HOUR", HOUR, ["", "24", "-1", "9:00", "9.5", "nine"]),
    ("FIRSTCALL_DEBUG", FLAG, ["", "maybe", "2", "on"]),
]  # fmt: skip
SECRET: list[tuple[str, str, list[str]]] = [
    (
        "DATABASE_URL", DATABASE,
        [
            "mysql://a:geheim@host/one", "sqlite://", "sqlite:///", "sqlite://:memory:", "sqlite:///:memory:", "geheim",
            "postgresql://a:geheim@host", "postgresql://a:geheim@host/", "postgresql://a:geheim@host:port/one",
        ],
    ),
    ("EMAIL_URL", MAIL, ["console://", "mail.example.com:geheim", "smtp://", "smtp://a:geheim@host:port", "imap://a@b"]),
]  # fmt: skip


def pairs(table: list[tuple[str, str, list[str]]]) -> list[tuple[str, str, str]]:
    return [(name, takes, text) for name, takes, texts in table for text in texts]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_what_is_taken(name: str, text: str, value: Any) -> None:
    assert read_environment({name: text})[name] == value


@pytest.mark.parametrize(("name", "takes", "text"), pairs(WRONG))
def test_what_is_not_is_said_in_one_sentence(name: str, takes: str, text: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_environment({name: text})
    assert str(wrong.value) == f"{name} is '{text}', but it takes {takes}."


@pytest.mark.parametrize(("name", "takes", "text"), pairs(SECRET))
def test_a_value_that_may_hold_a_password_is_not_repeated(name: str, takes: str, text: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_environment({name: text})
    assert str(wrong.value) == f"{name} can't be used as it is: it takes {takes}."


def test_every_setting_with_a_check_is_in_a_table() -> None:
    told = {name for name, _takes, _texts in WRONG + SECRET}
    files = {"FIRSTCALL_SECRET_KEY_FILE", "FIRSTCALL_DATA_KEY_FILE"}
    assert {setting.name for setting in SETTINGS} == told | files


def test_all_wrong_ones_are_said_at_once() -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_environment({"FIRSTCALL_PORT": "x", "FIRSTCALL_ZONE": "y"})
    assert str(wrong.value).splitlines() == [
        f"FIRSTCALL_PORT is 'x', but it takes {PORT}.",
        f"FIRSTCALL_ZONE is 'y', but it takes {ZONE}.",
    ]


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp://a:b@mail.example.com:2525", 2525, False, False),
        ("smtp+tls://a:b@mail.example.com", 587, True, False),
        ("smtp+tls://a:b@mail.example.com:2525", 2525, True, False),
        ("submission://a:b@mail.example.com", 587, True, False),
        ("smtp+ssl://a:b@mail.example.com", 465, False, True),
        ("smtps://a:p%40ss@mail.example.com:4650", 4650, False, True),
    ],
)
def test_the_reader_of_the_mail_address_encrypts_as_its_scheme_says(url: str, port: int, tls: bool, ssl: bool) -> None:
    facts = dj_email_url.parse(read_environment({"EMAIL_URL": url})["EMAIL_URL"])
    assert (facts["EMAIL_HOST"], facts["EMAIL_PORT"]) == ("mail.example.com", port)
    assert (facts["EMAIL_USE_TLS"], facts["EMAIL_USE_SSL"]) == (tls, ssl)
    if "p%40ss" in url:
        assert facts["EMAIL_HOST_PASSWORD"] == "p@ss"


def test_no_password_is_shown() -> None:
    by_name = {setting.name: setting for setting in SETTINGS}
    given = {
        "DATABASE_URL": "postgresql://ada:geheim@db.example.com:5433/one?sslmode=require&password=geheim",
        "EMAIL_URL": "smtp+tls://ada:geheim@mail.example.com",
        "FIRSTCALL_ZONE": "Europe/Berlin",
        "FIRSTCALL_HEARTBEAT_URL": "",
    }
    assert shown(by_name["DATABASE_URL"], given) == "postgresql://…@db.example.com:5433/one"
    assert shown(by_name["EMAIL_URL"], given) == "smtp+tls://…@mail.example.com"
    assert shown(by_name["FIRSTCALL_ZONE"], given) == "Europe/Berlin"
    assert shown(by_name["FIRSTCALL_HEARTBEAT_URL"], given) == "empty"
    assert shown(by_name["FIRSTCALL_PORT"], given) == "8000 (not set)"
    assert shown(by_name["FIRSTCALL_BASE_URL"], given) == "not set"


def test_a_slip_of_the_pen_is_found() -> None:
    given = {"FIRSTCALL_TRUSTED_PROXY": "10.0.0.1", "FIRSTCALL_XYZ": "", "FIRSTCALL_ZONE": "UTC", "PATH": ""}
    assert unknown_settings(given) == [
        "FIRSTCALL_TRUSTED_PROXY is not a setting. Did you mean FIRSTCALL_TRUSTED_PROXIES?",
        "FIRSTCALL_XYZ is not a setting.",
    ]


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = key_from("", tmp_path / "new", "data.key")
    assert len(first) == 64
    assert key_from("", tmp_path / "new", "data.key") == first
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["data.key"]
    assert stat.S_IMODE((tmp_path / "new" / "data.key").stat().st_mode) == 0o600


def test_a_key_file_that_can_not_be_used(tmp_path: Path) -> None:
    short, binary = tmp_path / "short", tmp_path / "binary"
    short.write_text("abc\n")
    binary.write_bytes(b"\xff" * 64)
    for file, sentence in (
        (tmp_path / "none", f"The key file {tmp_path}/none can't be read: No such file or directory."),
        (tmp_path, f"The key file {tmp_path} can't be read: Is a directory."),
        (binary, f"The key file {binary} can't be read: it is not text."),
        (short, f"The key file {short} holds 3 characters, 32 are the least."),
    ):
        with pytest.raises(WrongSetting) as wrong:
            key_from(str(file), tmp_path, "data.key")
        assert str(wrong.value) == sentence
    assert not (tmp_path / "data.key").exists(), "a key that was named is never made in its place"
