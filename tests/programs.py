"""The real programs of the tests: where they are, or why the test can't run."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

FINDER = Path(__file__).parent.parent / "tools" / "programs"


@cache
def _find(name: str) -> tuple[str, str]:
    found = subprocess.run([FINDER, name], capture_output=True, text=True)
    return found.stdout.strip(), found.stderr.strip()


def program(name: str) -> Path:
    """The path of chromium, prometheus or alertmanager.

    Where it can't be had, the test is skipped with the reason; with CI=true it fails.
    """
    path, reason = _find(name)
    if path:
        return Path(path)
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
