"""Words are translated for whoever reads them, not for whoever started the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.tree import name_of, parsed, python_files

NOW = {"gettext", "ngettext", "pgettext", "npgettext"}


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that run while a module is imported: all but those inside functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _at_import(child)


def _too_early(tree: ast.Module) -> list[int]:
    here = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in NOW
    }
    return [call.lineno for call in _at_import(tree) if isinstance(call.func, ast.Name) and call.func.id in here]


def test_a_word_translated_at_import_is_found() -> None:
    head = "from django.utils.translation import gettext as _\n"
    assert _too_early(ast.parse(head + "NAMES = {'a': _('A')}\n")) == [2]
    assert _too_early(ast.parse(head + "def name():\n    return _('A')\n")) == []


def test_nothing_is_translated_at_import() -> None:
    found = [f"{name_of(path)}:{line}" for path in python_files() for line in _too_early(parsed(path))]
    assert not found, f"use gettext_lazy: {found}"
