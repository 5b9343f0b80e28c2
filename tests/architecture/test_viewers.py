"""Every query over rows that belong to an incident takes the person who looks, and asks the one rule of visibility."""

from __future__ import annotations

import ast
import re
from functools import cache

from django.apps import apps
from django.db.models import Model

from tests.architecture.exceptions import WITHOUT_VIEWER
from tests.architecture.tree import HOUSE, functions, name_of, parsed

SIGNALS = frozenset({"AlertGroup", "Report"})
QUERIES = sorted([*HOUSE.glob("*/queries/*.py"), *HOUSE.glob("desk/*.py")])


@cache
def of_an_incident() -> frozenset[str]:
    """Names of the models that are an incident, carry its number, or hang on a row that does."""
    models: list[type[Model]] = [model for model in apps.get_models() if model.__module__.startswith("firstcall.")]
    found = {model for model in models if model.__name__ == "Incident"}
    found |= {model for model in models if any(field.name == "incident" for field in model._meta.get_fields())}
    grown = True
    while grown:
        hanging = {
            model
            for model in models
            if any(not field.auto_created and field.related_model in found for field in model._meta.get_fields())
        }
        grown = not hanging <= found
        found |= hanging
    return frozenset(model.__name__ for model in found)


def older() -> frozenset[str]:
    """Models of detect that only the machine reads by themselves: a person comes to an alert by its group."""
    return frozenset(model.__name__ for model in apps.get_app_config("detect").get_models()) - SIGNALS


def reads(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function begins a query over such a model: `Name.objects` or `Name._default_manager`."""
    begun = {
        node.value.id
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_default_manager")
        and isinstance(node.value, ast.Name)
        and node.value.id in of_an_incident()
    }
    by_incident = any(isinstance(node, ast.keyword) and node.arg == "incident" for node in ast.walk(function))
    return bool(begun - older()) or bool(begun and by_incident)


def is_asked(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it takes the viewer, or the incident's own row: a page gets that only from a query with a viewer. Or it
    asks for what nobody has to be let in to: rows of what is not restricted, or of no incident at all."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    types = " ".join(ast.unparse(argument.annotation) for argument in arguments if argument.annotation)
    public = any(
        (isinstance(node, ast.Name) and node.id == "open_to_all")
        or (isinstance(node, ast.keyword) and ast.unparse(node) == "incident__isnull=True")
        for node in ast.walk(function)
    )
    asked = public or any(argument.arg == "viewer" for argument in arguments)
    return asked or bool(re.search(r"\b(Incident|Standing)\b", types))


def without_viewer() -> set[str]:
    return {
        f"{name_of(path)}::{function.name}"
        for path in QUERIES
        for function in functions(parsed(path))
        if reads(function) and not is_asked(function)
    }


def test_every_query_of_an_incident_takes_its_viewer() -> None:
    assert without_viewer() - set(WITHOUT_VIEWER) == set()


def test_every_exception_is_still_needed_and_says_why() -> None:
    assert set(WITHOUT_VIEWER) - without_viewer() == set()
    assert [name for name, reason in WITHOUT_VIEWER.items() if len(reason) < 20] == []


def test_the_rule_knows_what_belongs_to_an_incident() -> None:
    assert {"Incident", "Entry", "Escalation", "Page", "AlertGroup"} <= of_an_incident()
