"""The files of the project, read once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOUSE = ROOT / "src" / "firstcall"
PHASES = ("ready", "detect", "respond", "inform", "learn")
# The arrows: a room may point at itself and at what stands after it.
FLOORS = (
    ("web",),
    ("desk",),
    ("reactions",),
    ("learn",),
    ("inform",),
    ("respond",),
    ("detect",),
    ("ready",),
    ("people",),
    ("deliver",),
    ("journal",),
    ("kernel",),
)
MADE = {"__pycache__", "node_modules", "data", "build", "dist", "tmp"}


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project's own with one of the suffixes (none: every file)."""
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
        if folder.name in MADE or (folder.name.startswith(".") and folder.name not in (".ci", ".github")):
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not MADE & set(path.parts) and (not suffixes or path.suffix in suffixes):
                yield path
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def python_files(folder: Path = HOUSE) -> list[Path]:
    """Python files below `folder`, without migrations."""
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def floor_of(room: str) -> int:
    """The floor of a room, 0 at the top. Raises LookupError for a room that has no place."""
    for number, rooms in enumerate(FLOORS):
        if room in rooms:
            return number
    raise LookupError(room)
