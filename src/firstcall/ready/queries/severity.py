"""The severity table as every phase reads it."""

from __future__ import annotations

from typing import Any, cast

from firstcall.ready.models.severity import SeverityRule
from firstcall.ready.rules.severity import SeverityFacts


def _facts(row: dict[str, Any]) -> SeverityFacts:
    return SeverityFacts(**{**row, "roles": tuple(row["roles"])})


def rule_of(severity: int) -> SeverityFacts:
    """One row. One statement."""
    return _facts(cast("dict[str, Any]", SeverityRule.objects.values().get(pk=severity)))


def rules() -> dict[int, SeverityFacts]:
    """All four rows by severity. One statement."""
    return {row["severity"]: _facts(cast("dict[str, Any]", row)) for row in SeverityRule.objects.values()}
