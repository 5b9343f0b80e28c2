"""Practice counts in no figure: every query over many incidents leaves it out, or says here why it need not."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.architecture.exceptions import PRACTICE_TOO
from tests.architecture.test_viewers import reads
from tests.architecture.tree import HOUSE, functions, name_of, parsed

GIVEN = frozenset({"incident", "incidents", "number", "pk", "token"})  # arguments that say which one is meant


@cache
def over_many() -> dict[str, bool]:
    """Each function that begins a query over incidents, or what hangs on them, without being given which: by name,
    whether it speaks of practice."""
    paths = [*HOUSE.glob("*/queries/*.py"), *HOUSE.glob("desk/*.py"), *HOUSE.glob("reactions/*.py")]
    found = {}
    for path in sorted(paths):
        for function in functions(parsed(path)):
            arguments = [*function.args.args, *function.args.kwonlyargs]
            types = " ".join(ast.unparse(one.annotation) for one in arguments if one.annotation)
            given = re.search(r"\bIncident\b", types) or any(one.arg in GIVEN for one in arguments)
            if reads(function) and not given:
                found[f"{name_of(path)}::{function.name}"] = "practice" in ast.unparse(function)
    return found


def test_every_query_over_many_incidents_leaves_practice_out() -> None:
    speaks_not = {name for name, speaks in over_many().items() if not speaks}
    assert speaks_not - set(PRACTICE_TOO) == set()


def test_every_exception_is_still_needed_and_says_why() -> None:
    assert set(PRACTICE_TOO) - {name for name, speaks in over_many().items() if not speaks} == set()
    assert [name for name, reason in PRACTICE_TOO.items() if len(reason) < 20] == []


def test_the_rule_knows_a_figure_when_it_sees_one() -> None:
    assert over_many()["src/firstcall/learn/queries/evidence.py::cases"] is True
