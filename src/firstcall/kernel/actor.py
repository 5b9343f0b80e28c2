"""Who did something: a person, a link sent to a person, an API token, or the product itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "link", "token", "machine"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the user's id for a person and a link, the token's id for a token, None for the product."""

    kind: ActorKind
    id: int | None
    name: str


MACHINE = Actor("machine", None, "Firstcall")
