"""The severity table's defaults and the proposal from facts."""

from __future__ import annotations

import pytest

from firstcall.ready.queries.severity import rule_of, rules
from firstcall.ready.rules.severity import DEFAULTS, Hurt, propose


@pytest.mark.parametrize(
    ("hurt", "severity"),
    [
        (Hurt(data_harmed=True), 1),
        (Hurt("critical", stopped=True, for_many=True), 1),
        (Hurt("critical", stopped=True), 2),
        (Hurt("critical"), 2),
        (Hurt("important", stopped=True, workaround=False), 2),
        (Hurt("important", stopped=True, workaround=True), 3),
        (Hurt(None), 3),
        (Hurt(None, stopped=True), 2),
        (Hurt("minor"), 4),
        (Hurt("minor", stopped=True, workaround=True), 3),
    ],
)
def test_a_severity_is_proposed_from_facts_with_its_reason(hurt: Hurt, severity: int) -> None:
    proposed, reason = propose(hurt)
    assert proposed == severity
    assert reason


@pytest.mark.django_db
def test_the_table_begins_with_its_defaults() -> None:
    assert tuple(rules().values()) == DEFAULTS
    assert (rule_of(1).first_inside, rule_of(1).first_public, rule_of(4).wakes) == (10, 15, "never")
