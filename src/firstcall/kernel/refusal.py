"""A command that can't do what was asked raises `Refused`: nothing changed, the sentence says what to do."""

from __future__ import annotations


class Refused(Exception):
    """`sentence` is shown to the person as it is; `field` names the input it is about, if one."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.field = field


class NotAllowed(Refused):
    """The person's access doesn't cover this: HTTP 403."""


class Gone(Refused):
    """What was asked for isn't there, or may not be seen: HTTP 404, the same for both."""
