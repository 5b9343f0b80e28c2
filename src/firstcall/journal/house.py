"""How a room of the house joins Django: each noun's file is found by its place, so no file lists the others."""

from __future__ import annotations

import importlib
import pkgutil

from django.apps import AppConfig


def import_rooms(package: str) -> None:
    """Import every module below `package`, if there is such a package."""
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return
    for found in pkgutil.iter_modules(module.__path__, package + "."):
        importlib.import_module(found.name)


class Room(AppConfig):
    """Tables from `models/`, journal kinds from `events.py`, jobs from `handlers/`."""

    default_auto_field = "django.db.models.BigAutoField"
    jobs_in = "handlers"

    def import_models(self) -> None:
        import_rooms(f"{self.name}.models")
        super().import_models()

    def ready(self) -> None:
        events = f"{self.name}.events"
        try:
            importlib.import_module(events)
        except ModuleNotFoundError as error:
            if error.name != events:
                raise
        import_rooms(f"{self.name}.{self.jobs_in}")
