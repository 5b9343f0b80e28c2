"""Write the docs that are made from the registries: settings, journal kinds, commands, pages of the API.

`python -m tools.docs` writes them; a test compares them with what the registries say now.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MADE = "<!-- Made by `make docs` from {source}; change it there. -->"


def start() -> None:
    """Load the rooms with default settings and a data folder nobody needs."""
    import django
    from django.conf import settings as django_settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstcall.web.settings")
    os.environ.setdefault("FIRSTCALL_DATA", tempfile.mkdtemp(prefix="fc-docs-"))
    sys.path.insert(0, str(ROOT / "src"))
    django.setup()
    static: Path = django_settings.STATIC_ROOT
    static.mkdir(parents=True, exist_ok=True)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def page(title: str, source: str, words: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", MADE.format(source=f"`{source}`"), "", words, "", *lines, ""])


def settings() -> str:
    from firstcall.web.environment import SETTINGS

    rows = [
        (f"`{one.name}`", one.meaning, one.takes, f"`{one.default}`" if one.default else "empty") for one in SETTINGS
    ]
    return page(
        "Settings",
        "src/firstcall/web/environment.py",
        "All come from the environment. A value that can't be used stops the start with a sentence that names it.",
        table(("setting", "what it is for", "takes", "default"), rows),
    )


def journal() -> str:
    from firstcall.journal.kinds import KINDS

    rows = [
        (f"`{kind.name}`", str(kind.sentence), kind.filter, ", ".join(kind.regions) or "none")
        for kind in sorted(KINDS.values(), key=lambda kind: kind.name)
    ]
    return page(
        "Journal",
        "src/firstcall/*/events.py",
        "Every kind of entry: the sentence a person reads (`{by}` is who did it), the filter of the timeline it belongs"
        " to, the parts of a screen that are fetched again when it happens.",
        table(("kind", "sentence", "filter", "touches"), rows),
    )


def commands() -> str:
    from firstcall.web.cli.main import commands as known
    from firstcall.web.cli.main import parser_of

    found = known()
    parser = parser_of(found)
    lines: list[str] = []
    choices: dict[str, Any] = next(action.choices for action in parser._actions if action.dest == "command")  # type: ignore[misc]  # argparse has no public list of its commands
    for name in sorted(found):
        lines += [f"## firstcall {name}", "", str(choices[name].description), ""]
        options = [action for action in choices[name]._actions if action.dest != "help"]
        rows = [
            (f"`{', '.join(one.option_strings) or one.dest}`", str(one.help or ""))
            for one in options
            if one.help != argparse.SUPPRESS
        ]
        lines += [*table(("option", "meaning"), rows), ""] if rows else []
    return page(
        "Commands", "src/firstcall/web/cli/", "`firstcall <command>`, in `.venv/bin` after `make up`.", lines[:-1]
    )


def api() -> str:
    from django.test import Client

    answer = Client().get("/api/v1/openapi.json", HTTP_HOST="localhost")
    paths: dict[str, dict[str, Any]] = answer.json()["paths"] if answer.status_code == 200 else {}
    rows = [
        (f"`{verb.upper()} {path}`", (what.get("description") or what.get("summary") or "").partition("\n")[0])
        for path, verbs in sorted(paths.items())
        for verb, what in verbs.items()
    ]
    return page(
        "API",
        "src/firstcall/*/api/",
        "JSON over the same commands and queries as the pages. Its OpenAPI description is at `/api/v1/openapi.json`.",
        table(("route", "what it does"), rows),
    )


ROOMS = ("journal", "people", "deliver", "ready", "detect", "respond", "inform", "learn", "reactions")


def first_line(text: str | None) -> str:
    """What stands before the first empty line, as one line."""
    return " ".join((text or "").strip().partition("\n\n")[0].split())


def public_functions(folder: Path) -> list[tuple[str, str]]:
    """Public functions of a folder's modules with the first line of what they say, read without importing them."""
    return [
        (node.name, first_line(ast.get_docstring(node)))
        for path in sorted(folder.glob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def room(name: str) -> str:
    """The README of a room: what it is, its tables, commands, events and jobs."""
    from django.apps import apps

    from firstcall.deliver.kinds import JOB_KINDS
    from firstcall.journal.kinds import KINDS

    folder = ROOT / "src" / "firstcall" / name
    config = apps.get_app_config(name)
    tables = [(model.__name__, first_line(model.__doc__)) for model in config.get_models()]
    events = importlib.util.find_spec(f"firstcall.{name}.events")
    declared = importlib.import_module(f"firstcall.{name}.events") if events else None
    mine = [kind.name for kind in KINDS.values() if declared and any(kind is one for one in vars(declared).values())]
    jobs = [
        job.name
        for job in JOB_KINDS.values()
        if (job.store or job.prepare).__module__.startswith(f"firstcall.{name}.")
        and ".tests." not in (job.store or job.prepare).__module__
    ]
    about = importlib.import_module(f"firstcall.{name}").__doc__
    lines = [f"# {name}", "", MADE.format(source=f"`src/firstcall/{name}/`"), "", first_line(about), ""]
    if tables:
        lines += ["## Tables", "", *(f"- **{table}**: {words}" for table, words in tables), ""]
    if commands := public_functions(folder / "commands"):
        lines += ["## Commands", "", *(f"- `{command}`: {words}" for command, words in commands), ""]
    if mine:
        lines += ["## Events", "", ", ".join(f"`{kind}`" for kind in sorted(mine)), ""]
    if jobs:
        lines += ["## Jobs", "", ", ".join(f"`{job}`" for job in sorted(jobs)), ""]
    return "\n".join(lines)


def made() -> dict[Path, Callable[[], str]]:
    """Every file made from the registries, and what makes it."""
    files: dict[Path, Callable[[], str]] = {ROOT / "docs" / f"{name}.md": make for name, make in PAGES.items()}
    return files | {ROOT / "src" / "firstcall" / name / "README.md": partial(room, name) for name in ROOMS}


PAGES = {"settings": settings, "journal": journal, "commands": commands, "api": api}


def main() -> int:
    start()
    pages = {path: make() for path, make in made().items()}
    for path, text in pages.items():
        path.write_text(text)
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
