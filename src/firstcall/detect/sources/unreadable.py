"""Why a body can't be read."""

from __future__ import annotations

import re

import msgspec

MOST_OBJECTS = 20_000


class Unreadable(Exception):
    """`sentence` says what is wrong, `field` names the place ('alerts[0].labels'); empty: the body as a whole."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


def from_msgspec(error: msgspec.MsgspecError) -> Unreadable:
    """The decoder's own words, with the field it names taken out: 'Expected `str`, got `int` - at `$.status`'."""
    text = str(error)
    place = re.search(r" - at `(?:key in )?\$\.?(.*?)`$", text)
    missing = re.search(r"missing required field `(.+?)`", text)
    field = place.group(1) if place else ""
    if missing:
        field = f"{field}.{missing.group(1)}".lstrip(".")
    return Unreadable(text.split(" - at ")[0].replace("`", "'") + ".", field)


def check_size(body: bytes) -> None:
    """Refuse more objects than any tool sends before one is made of each: it would hold up everybody else."""
    if body.count(b"{") > MOST_OBJECTS:
        raise Unreadable(f"There are more than {MOST_OBJECTS:,} objects in it: send fewer alerts at once.")
