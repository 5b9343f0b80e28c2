"""Forms that ask first what a newcomer can answer; the rest folds under plain headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading. `note` says in words what holds while nobody opens it; `is_open`: it holds something
    of its own, or an error."""

    title: str
    note: str
    fields: list[BoundField]
    is_open: bool


Folded = tuple[tuple[Any, tuple[str, ...]], ...]  # the title of a group, and its fields


class Grouped(forms.Form):
    """`folded` names the groups in their order, each with its fields; whatever is in none of them stands first."""

    folded: Folded = ()

    def __init__(self, *args: Any, usual: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """`usual` is what a field holds when nobody has said anything of it; else that is its own initial value."""
        super().__init__(*args, **kwargs)
        self.usual = usual or {}
        self.notes: dict[str, str] = {}  # by the first field of a group

    @property
    def opening(self) -> list[BoundField]:
        """What stands open."""
        folded = {name for _title, names in self.folded for name in names}
        return [field for field in self.visible_fields() if field.name not in folded]

    @property
    def groups(self) -> list[Group]:
        """What folds."""
        return [
            Group(str(title), self.notes.get(names[0], ""), fields, any(self._says(field) for field in fields))
            for title, names in self.folded
            if (fields := [self[name] for name in names if name in self.fields])
        ]

    def _says(self, bound: BoundField) -> bool:
        usual = self.usual.get(bound.name, bound.field.initial)
        return bool(bound.errors) or bound.field.has_changed(usual, bound.value())
