"""What people want to know."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.question import Question


def open_questions(incidents: Iterable[int], *, viewer: User) -> list[Question]:
    """Questions nobody has answered yet, the oldest first, with who asked. One statement."""
    rows = visible(
        Question.objects.filter(incident__in=list(incidents), answered_at=None), viewer=viewer, field="incident"
    )
    return list(rows.select_related("asked_by").order_by("asked_at", "id"))


def question_for(*, viewer: User, incident: int, number: int) -> Question | None:
    """One question of an incident this person may see. One statement."""
    rows = visible(Question.objects.filter(pk=number, incident=incident), viewer=viewer, field="incident")
    return rows.select_related("asked_by", "answered_by").first()
