"""Counts and seconds of a test run by group, written to the file that FIRSTCALL_BUDGET names; long tests go first."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

# Seconds on two cores. Their sum is the suite's limit.
LIMITS = {
    "rules": 30,
    "rows on SQLite": 75,
    "rows on PostgreSQL": 75,
    "front door": 60,
    "simulation": 60,
    "kills": 120,
    "browser": 180,
    "clock sweep": 15,
    "hostile input": 60,
    "rest": 45,
}
LONG_FIRST = ["kills", "simulation", "browser", "front door", "hostile input"]
FOLDERS = {"simulation": "simulation", "door": "front door", "browser": "browser"}
BY_FILE = {"kill": "kills", "sweep": "clock sweep", "hostile": "hostile input", "power": "hostile input"}


def group_of(item: pytest.Item) -> str:
    """Browser and simulation by mark and folder, then by the file's name, then by whether the database is used."""
    if item.get_closest_marker("browser"):
        return "browser"
    for part, group in BY_FILE.items():
        if part in item.path.stem:
            return group
    if item.path.parent.name in FOLDERS:
        return FOLDERS[item.path.parent.name]
    if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
        return "rows on PostgreSQL" if os.environ.get("DATABASE_URL") else "rows on SQLite"
    return "rest" if "tests" in item.path.relative_to(item.config.rootpath).parts[:1] else "rules"


def is_pure(item: pytest.Item) -> bool:
    """Whether a test is of a rule and uses no rows: on another database it would say the same again."""
    rule = item.path.parent.parent / "rules" / (item.path.stem.removeprefix("test_").removesuffix("_rule") + ".py")
    return group_of(item) == "rules" and rule.exists()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("DATABASE_URL"):
        items[:] = [item for item in items if not is_pure(item)]
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        item.user_properties.append(("group", group))
    items.sort(key=lambda item: LONG_FIRST.index(groups[item]) if groups[item] in LONG_FIRST else len(LONG_FIRST))


class Budget:
    """Sums the reports of all workers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()
        self.slowest: list[tuple[float, str]] = []
        self.skips: Counter[str] = Counter()
        self.broken: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        group = dict(report.user_properties).get("group", "rest")
        self.seconds[str(group)] += report.duration  # type: ignore[assignment]  # a Counter of seconds
        if report.when == "call":
            self.tests[str(group)] += 1
            self.slowest.append((report.duration, report.nodeid))
        if report.failed:
            self.broken.add(report.nodeid)
        elif report.skipped:
            self.outcomes["skipped"] += 1
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "expected to fail"
            self.skips[reason.removeprefix("Skipped: ")] += 1
        elif report.when == "call":
            self.outcomes["passed"] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        found: dict[str, Any] = {
            "outcomes": {**self.outcomes, "failed": len(self.broken)},
            "seconds": self.seconds,
            "tests": self.tests,
            "slowest": sorted(self.slowest, reverse=True)[:10],
            "skips": self.skips,
        }
        self.path.write_text(json.dumps(found))


def pytest_configure(config: pytest.Config) -> None:
    path = os.environ.get("FIRSTCALL_BUDGET")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Budget(Path(path)))
