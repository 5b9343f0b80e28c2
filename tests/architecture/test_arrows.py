"""Foreign keys follow the arrows of the imports: the import checker can't see a reference written as a string."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Field

from firstcall.journal.models.entry import Entry
from tests.architecture.tree import FLOORS, HOUSE, floor_of


def room_of(model: type) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "firstcall" else None


def test_every_room_has_its_floor() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == {room for floor in FLOORS for room in floor}


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        room = room_of(model)
        if room is None:
            continue
        for field in model._meta.get_fields():
            target = room_of(field.related_model) if isinstance(field.related_model, type) else None
            if not isinstance(field, Field) or target is None or target == room:
                continue
            if floor_of(target) <= floor_of(room):
                wrong.append(f"{room}.{model.__name__}.{field.name} points at {target}")
    assert wrong == []


def test_the_journal_points_at_nobody() -> None:
    assert [field.name for field in Entry._meta.get_fields() if field.is_relation and not field.auto_created] == []
