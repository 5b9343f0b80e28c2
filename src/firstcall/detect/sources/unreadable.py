"""Why a body can't be read."""

from __future__ import annotations

import re

import msgspec

MOST_DEPTH = 64


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


def check_depth(body: bytes) -> None:
    """Refuse nesting that no tool sends before anything recurses into it. Brackets in strings count too: 64 is many."""
    depth = deepest = 0
    in_string = escaped = False
    if body.count(b"[") + body.count(b"{") <= MOST_DEPTH:
        return
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_DEPTH:
                raise Unreadable(f"The JSON is nested more than {MOST_DEPTH} deep.")
        elif byte in b"]}":
            depth -= 1
