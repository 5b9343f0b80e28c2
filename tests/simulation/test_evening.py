"""Simulated evenings keep every promise; a seed that breaks one is printed and becomes a case here."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from django.db import connection

from tests.simulation.town import lay, play

SEEDS = int(os.environ.get("FIRSTCALL_SEEDS", "2000"))
PARTS = 2
MET = {
    "crash at a commit", "crash between two steps", "leases freed at the start", "stopped", "stopped while sending",
    "slow", "sent twice", "refused for now", "out for minutes", "silence, not taken", "taken, answer lost",
    "repeat known by its key", "answered", "passed on", "too late", "shift taken over",
    "fires on", "fires again", "fires anew",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(max(600, SEEDS))
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_every_evening_keeps_its_promises(part: int) -> None:
    # On PostgreSQL each statement is a way there and back: the same code is shown there on a tenth of them.
    seeds = SEEDS if connection.vendor == "sqlite" else max(PARTS, SEEDS // 10)
    town = lay()
    seen: Counter[str] = Counter()
    for seed in range(part, seeds, PARTS):
        broken, met = play(seed, town)
        assert broken == [], f"seed {seed}: {broken}"
        seen += met
    print(f"\nfound: {seeds // PARTS:,} evenings, 0 promises broken; met: {_named(seen)}")
    if seeds // PARTS >= 400:
        assert set(seen) >= MET, "a fault was never met"


def _named(seen: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in seen.most_common())
