"""Which roles are asked for and who answers for an empty one."""

from __future__ import annotations

import itertools

from firstcall.respond.rules.role import ASKED, DOES, ROLES, Held, answers_for, empty_roles, roles_answered

ADA, BEN = 1, 2
SEV2 = ("owner", "technical_lead", "communications_lead")


def test_every_role_has_its_question_and_its_checklist() -> None:
    assert set(ASKED) == set(DOES) == set(ROLES)


def test_empty_roles_are_those_asked_for_and_not_held_in_order() -> None:
    assert empty_roles(SEV2, []) == SEV2
    assert empty_roles(reversed(SEV2), [Held("technical_lead", BEN)]) == ("owner", "communications_lead")
    assert empty_roles((), []) == ()


def test_the_owner_answers_for_an_empty_role() -> None:
    held = [Held("owner", ADA), Held("technical_lead", BEN)]
    assert answers_for("communications_lead", held) == ADA
    assert answers_for("technical_lead", held) == BEN
    assert answers_for("communications_lead", held[1:]) is None


def test_a_person_answers_for_what_they_hold_and_the_owner_for_the_rest() -> None:
    held = [Held("owner", ADA), Held("technical_lead", BEN)]
    assert roles_answered(ADA, SEV2, held) == {"owner", "communications_lead"}
    assert roles_answered(BEN, SEV2, held) == {"technical_lead"}
    assert roles_answered(3, SEV2, held) == frozenset()


def test_with_an_owner_every_asked_role_is_answered_by_someone() -> None:
    for size in range(len(ROLES) + 1):
        for asked in itertools.combinations(ROLES, size):
            held = [Held("owner", ADA)]
            assert set(asked) <= roles_answered(ADA, asked, held)
