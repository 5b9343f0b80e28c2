"""Shapes that several rooms answer with. Moments are ISO 8601 in UTC."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("write the moment with its zone, such as 2026-11-20T22:54:00Z")
    return moment.astimezone(dt.UTC)


def _text(value: object) -> object:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("holds a character no text has")
    return value


Moment = Annotated[dt.datetime, AfterValidator(_utc)]
Text = Annotated[str, BeforeValidator(_text)]


class Asked(Schema):
    """What is sent to us: a name we do not know is refused, so that a slip of the pen is not silence."""

    model_config = ConfigDict(extra="forbid", str_max_length=10_000)


class Person(Schema):
    """A person by number and name."""

    id: int
    name: str
