"""Files and functions stay small, every rule has its test, nothing is empty and nothing only passes names on."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.exceptions import LONG
from tests.architecture.tree import HOUSE, ROOT, files, functions, name_of, parsed, python_files

FILE_LINES, FUNCTION_LINES = 400, 60
ASSETS = {".py", ".html", ".txt", ".css", ".js", ".svg", ".xml", ".md", ".toml", ".in", ".lock", ".yml", ""}
OWN_CODE = [
    *python_files(),
    *python_files(ROOT / "tests"),
    *python_files(ROOT / "bench"),
    *python_files(ROOT / "tools"),
]


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def too_long() -> set[str]:
    long = {name_of(path) for path in python_files() if lines_of(path) > FILE_LINES}
    for path in python_files():
        for function in functions(parsed(path)):
            if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES:
                long.add(f"{name_of(path)}::{function.name}")
    return long


def test_no_file_over_400_lines_and_no_function_over_60() -> None:
    assert too_long() - set(LONG) == set()


def test_every_exception_is_still_needed_and_says_why() -> None:
    assert set(LONG) - too_long() == set()
    assert [name for name, reason in LONG.items() if len(reason) < 20] == []


def test_no_file_is_empty() -> None:
    assert [name_of(path) for path in files() if path.suffix in ASSETS and not path.read_bytes().strip()] == []


def only_passes_on(path: Path) -> bool:
    """Whether a module holds imports and nothing else (a docstring and `__all__` are nothing)."""
    body = parsed(path).body
    own = [
        node
        for node in body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and "__all__" in ast.dump(node.targets[0]))
    ]
    return len(own) == 0 and any(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def test_no_file_only_passes_names_on() -> None:
    assert [name_of(path) for path in OWN_CODE if only_passes_on(path)] == []


def test_a_package_says_in_one_line_what_it_is() -> None:
    wordy = []
    for path in OWN_CODE:
        if path.name == "__init__.py":
            body = parsed(path).body
            if len(body) != 1 or "\n" in (ast.get_docstring(parsed(path)) or "\n"):
                wordy.append(name_of(path))
    assert wordy == []


def test_every_module_says_what_it_is() -> None:
    assert [name_of(path) for path in OWN_CODE if not ast.get_docstring(parsed(path))] == []


def has_test(rule: Path) -> bool:
    """Whether a test of the same noun, `test_<noun>.py` or `test_<noun>_rule.py`, imports the rule."""
    room = rule.parent.parent
    module = f"firstcall.{room.name}.rules"
    for path in (room / "tests" / f"test_{rule.stem}.py", room / "tests" / f"test_{rule.stem}_rule.py"):
        if path.exists() and (f"{module}.{rule.stem}" in path.read_text() or f"{module} import" in path.read_text()):
            return True
    return False


def test_every_rule_has_its_test() -> None:
    rules = [path for path in sorted(HOUSE.glob("*/rules/*.py")) if path.name != "__init__.py"]
    assert [name_of(rule) for rule in rules if not has_test(rule)] == []
