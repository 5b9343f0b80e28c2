"""The simulation finds the bugs it is there for: each planted alone is found, and the honest code keeps its promises.

On the same evenings, in which every fault is more likely than in the others.
"""

from __future__ import annotations

import re

import pytest

from tests.simulation.bugs import BUGS, Plant
from tests.simulation.evening import Evening
from tests.simulation.town import lay, play

SEEDS = range(100)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _hard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Evening, "harsh", 2.5)


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant) -> None:
    town = lay()
    said: list[str] = []
    with plant():
        for seed in SEEDS:
            broken, _met = play(seed, town, catch=True)
            said += [f"{seed}: {words}" for words in broken]
            if any(re.search(BUGS[plant], words) for words in broken):
                return
    pytest.fail(f"not found in {len(SEEDS)} evenings; what was said: {said}")


def test_the_honest_code_keeps_its_promises_on_the_same_evenings() -> None:
    town = lay()
    assert {seed: broken for seed in SEEDS if (broken := play(seed, town)[0])} == {}
