"""Whether anybody is there to hear."""

from __future__ import annotations

import pytest

from firstcall.inform.rules.reach import company_of, is_heard, nobody_hears
from firstcall.kernel.say import plain


@pytest.mark.parametrize(
    ("audience", "shown", "accesses", "roles", "heard"),
    [
        ("public", False, {"support", "stakeholder"}, {"communications_lead"}, False),
        ("public", True, set(), set(), True),
        ("support", True, set(), set(), False),
        ("support", False, {"support"}, set(), True),
        ("support", False, set(), {"support_liaison"}, True),
        ("support", False, {"stakeholder"}, {"leadership_liaison"}, False),
        ("leadership", True, {"support"}, {"support_liaison"}, False),
        ("leadership", False, {"stakeholder"}, set(), True),
        ("leadership", False, set(), {"leadership_liaison"}, True),
        ("inside", False, set(), set(), True),
    ],
)
def test_a_word_is_heard_where_somebody_is(
    audience: str, shown: bool, accesses: set[str], roles: set[str], heard: bool
) -> None:
    assert is_heard(audience, shown=shown, accesses=accesses, roles=roles) is heard


@pytest.mark.parametrize(
    ("audience", "flow", "said"),
    [
        ("public", "Checkout", "No status page shows Checkout."),
        ("public", "", "There is no status page."),
        ("support", "Checkout", "Nobody of Support is named."),
        ("leadership", "", "Nobody of Leadership is named."),
    ],
)
def test_it_says_who_is_missing(audience: str, flow: str, said: str) -> None:
    assert plain(nobody_hears(audience, flow)) == said


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("ada@tillhouse.example", "Tillhouse"),
        ("ada@mail.tillhouse.co.uk", "Tillhouse"),
        ("ada@gmail.com", ""),
        ("ada@example.com", ""),
        ("ada@localhost", ""),
        ("ada", ""),
    ],
)
def test_a_page_is_called_as_the_company_of_who_makes_it(address: str, company: str) -> None:
    assert company_of(address) == company
