"""`firstcall <command>`: finds the commands beside it, and says what is wrong with a setting in one sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from firstcall.web import cli
from firstcall.web.environment import WrongSetting, read_environment

WRONG = 2  # exit code of what only a person can mend: a setting, a taken port, a newer database


class CannotRun(Exception):
    """The command can't do its work: the sentence says why and what to do."""


def commands() -> dict[str, ModuleType]:
    """Every command by name: a module of this package that has `run`."""
    found = {}
    for info in pkgutil.iter_modules(cli.__path__):
        module = importlib.import_module(f"{cli.__name__}.{info.name}")
        if hasattr(module, "run"):
            found[info.name] = module
    return found


def parser_of(known: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """The parser; a command's help is the first line of its file."""
    parser = argparse.ArgumentParser(prog="firstcall", description="Carries you through an outage.")
    parts = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in known.items():
        line = (module.__doc__ or "").partition("\n")[0]
        part = parts.add_parser(name, help=line, description=line)
        if hasattr(module, "arguments"):
            module.arguments(part)
    return parser


def start_django() -> None:
    """Load settings and rooms. Raises WrongSetting."""
    import django

    django.setup()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstcall.web.settings")
    known = commands()
    given = parser_of(known).parse_args(arguments)
    try:
        if given.command != "doctor":  # it says what is wrong itself, and more
            read_environment()
        return int(known[given.command].run(given))
    except (WrongSetting, CannotRun) as error:
        for line in str(error).splitlines():
            print(f"firstcall: {line}", file=sys.stderr, flush=True)
        return WRONG
    except KeyboardInterrupt:
        return 130
