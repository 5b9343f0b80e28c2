"""What is installed to run is used, and the locks are what plain pip can check."""

from __future__ import annotations

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.exceptions import NOT_IMPORTED
from tests.architecture.tree import HOUSE, ROOT, name_of, parsed, python_files

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9-]*)==([^ ;]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def wanted() -> list[str]:
    lines = (ROOT / "requirements" / "run.in").read_text().splitlines()
    return [re.split(r"[\[<>=~]", line)[0].lower() for line in lines if line and not line.startswith("#")]


def imported() -> set[str]:
    """Top-level modules imported anywhere in the house, and apps or middleware named in the settings."""
    found = set()
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    settings = parsed(HOUSE / "web" / "settings.py")
    found |= {str(node.value).partition(".")[0] for node in ast.walk(settings) if isinstance(node, ast.Constant)}
    return found


def unused() -> set[str]:
    modules: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            modules.setdefault(package.lower().replace("_", "-"), set()).add(module)
    return {name for name in wanted() if not modules.get(name, set()) & imported()}


def test_what_is_installed_to_run_is_used() -> None:
    assert unused() - set(NOT_IMPORTED) == set()


def test_every_exception_is_still_needed_and_says_why() -> None:
    assert set(NOT_IMPORTED) - unused() == set()
    assert [name for name, reason in NOT_IMPORTED.items() if len(reason) < 20] == []


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    assert lines
    assert [line for line in lines if not PINNED.match(line) and not HASH.match(line)] == []


def test_the_locks_agree() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for line in lock.read_text().splitlines():
            if pin := PINNED.match(line):
                versions.setdefault(f"{pin[1]}{pin[3] or ''}", set()).add(pin[2])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
