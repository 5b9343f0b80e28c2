"""Answers of other systems, field by field: whatever is not as it must be is named by the path to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify

from firstcall.kernel.clock import zones
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.taken import Rota, Service, Shift

MOST_ROWS = 5000
LONGEST = 2000
LONGEST_MAIL = 150  # an account is found by it
PHONE_DIGITS = (5, 20)
EVER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)  # no instant we read is later


class Unreadable(Exception):
    """`why` says which field is wrong, and how."""

    def __init__(self, why: Say) -> None:
        super().__init__(why.text)
        self.why = why


class Fields:
    """One object of an answer. `place` is the path to it, as in schedules[2].schedule_layers[0]."""

    def __init__(self, value: Any, place: str = "") -> None:
        self.place = place
        if not isinstance(value, dict):
            raise Unreadable(say(_("{place} is not an object"), place=place or _("the file")))
        self._value = value

    def path(self, name: str) -> str:
        """The path to one of its fields."""
        return f"{self.place}.{name}" if self.place else name

    def _wrong(self, name: str, text: str, **facts: object) -> Unreadable:
        return Unreadable(say(text, place=self.path(name), **facts))

    def has(self, name: str) -> bool:
        """Whether there is something other than null."""
        return self._value.get(name) is not None

    def text(self, name: str, default: str | None = None, *, most: int = LONGEST) -> str:
        """Words without blanks around them. Raises Unreadable, also when missing without a default."""
        value = self._value.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, _("{place} is not text"))
        if len(value) > most or any(
            ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 or ord(char) == 127 for char in value
        ):
            raise self._wrong(name, _("{place} is too long, or has control characters in it"))
        return value.strip()

    def mail(self, name: str) -> str:
        """A mail address in lower case. Raises Unreadable."""
        found = mail_of(self.text(name))
        if not found:
            raise self._wrong(name, _("{place} is no mail address"))
        return found

    def origin(self, name: str = "id") -> str:
        """A number or name that the other system gave it, never empty. Raises Unreadable."""
        found = self.text(name, most=120)
        if not found:
            raise self._wrong(name, _("{place} is empty"))
        return found

    def number(self, name: str, default: int | None = None, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number within bounds. Raises Unreadable."""
        value = self._value.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, _("{place} is not a whole number"))
        if not least <= value <= most:
            raise self._wrong(name, _("{place} is not from {least} to {most}"), least=least, most=most)
        return value

    def yes(self, name: str, default: bool) -> bool:
        """True or false. Raises Unreadable."""
        value = self._value.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, _("{place} is neither true nor false"))
        return value

    def one(self, name: str) -> Fields:
        """An object in it. Raises Unreadable."""
        return Fields(self._value.get(name), self.path(name))

    def _list(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, _("{place} is not a list"))
        if len(value) > MOST_ROWS:
            raise self._wrong(name, _("{place} has more than {n} rows"), n=MOST_ROWS)
        return value

    def rows(self, name: str) -> Iterator[Fields]:
        """The objects of a list; none when it is missing. Raises Unreadable."""
        for number, value in enumerate(self._list(name)):
            yield Fields(value, f"{self.path(name)}[{number}]")

    def origins(self, name: str) -> list[str]:
        """A list of numbers or names. Raises Unreadable."""
        return [Fields({"id": value}, f"{self.path(name)}[{n}]").origin() for n, value in enumerate(self._list(name))]

    def groups(self, name: str) -> list[list[str]]:
        """A list of such lists. Raises Unreadable."""
        return [
            Fields({"of": value}, f"{self.path(name)}[{n}]").origins("of") for n, value in enumerate(self._list(name))
        ]

    def any_in(self, name: str) -> bool:
        """Whether a list is there that is not empty. Raises Unreadable."""
        return bool(self._list(name))

    def instant(self, name: str) -> dt.datetime:
        """An ISO 8601 instant with its offset, in UTC, of this century or the next. Raises Unreadable."""
        return self._moment(name, zoned=True).astimezone(dt.UTC)

    def wall(self, name: str) -> dt.datetime:
        """A wall time without an offset; one that has Z is taken as said. Raises Unreadable."""
        return self._moment(name, zoned=False).replace(tzinfo=None)

    def _moment(self, name: str, *, zoned: bool) -> dt.datetime:
        try:
            moment = dt.datetime.fromisoformat(self.text(name, most=40))
        except ValueError:
            raise self._wrong(name, _("{place} is no date and time")) from None
        if zoned and moment.tzinfo is None:
            raise self._wrong(name, _("{place} has no offset from UTC"))
        if not 2000 <= moment.year < 2200:
            raise self._wrong(name, _("{place} is not between 2000 and 2200"))
        return moment

    def clock(self, name: str) -> dt.time:
        """A time of day of whole minutes. Raises Unreadable."""
        try:
            found = dt.time.fromisoformat(self.text(name, most=20))
        except ValueError:
            raise self._wrong(name, _("{place} is no time of day")) from None
        if found.second or found.microsecond or found.tzinfo:
            raise self._wrong(name, _("{place} is no whole minute"))
        return found

    def zone(self, name: str, default: str | None = None) -> str:
        """An IANA zone. Raises Unreadable."""
        found = self.text(name, default, most=64)
        if found not in zones():
            raise self._wrong(name, _("{place} is no time zone we know"))
        return found


def mail_of(text: str) -> str:
    """A mail address in lower case; '' for what is none."""
    found = text.strip().lower()
    try:
        validate_email(found)
    except ValidationError:
        return ""
    return found if len(found) <= LONGEST_MAIL else ""


def phone_of(text: str) -> str:
    """A number with its country, as in +49305550200; '' for what is none."""
    digits = "".join(char for char in text if char in "0123456789")
    return f"+{digits}" if PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] else ""


def schedules(
    body: Fields, rota: Callable[[Fields, str, str], Rota], shifts: Callable[[Fields, str], Iterable[Shift]]
) -> tuple[tuple[Rota, ...], tuple[Shift, ...]]:
    """Every schedule with what it says of the coming days; one that can't be read says why, and nothing else.

    Raises Unreadable when one has no number or name to call it by.
    """
    rotas: list[Rota] = []
    told: list[Shift] = []
    for row in body.rows("schedules"):
        origin, name = row.origin(), row.text("name")
        try:
            found, held = rota(row, origin, name), list(shifts(row, origin))
        except Unreadable as wrong:
            found, held = Rota(origin, name, told=False, cannot=wrong.why), []
        rotas.append(found)
        told += held
    return tuple(rotas), tuple(told)


def service(row: Fields, *, path: str = "") -> Service:
    """A part of theirs. Raises Unreadable without a number or a name."""
    name = row.text("name")
    cannot = None if slugify(name) else say(_("has a name without letters we can make an address of"))
    return Service(row.origin(), name, path, cannot)
