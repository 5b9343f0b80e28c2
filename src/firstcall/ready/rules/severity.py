"""What a severity sets in motion: one table, and the proposal of a severity from facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstcall.kernel.say import mark as _

Wakes = Literal["always", "waking", "never"]


@dataclass(frozen=True, slots=True)
class SeverityFacts:
    """One row of the table. Minutes; None: no such promise. Waking hours are whole hours of the organisation's zone.

    `breaks_quiet`: it reaches people in their own quiet hours too. A draft follows within `draft_hours`.
    """

    severity: int
    means: str
    wakes: Wakes
    tells_leadership: bool
    roles: tuple[str, ...]
    first_inside: int | None
    first_public: int | None
    next_inside: int | None
    next_public: int | None
    look_in: int | None
    tone: str
    postmortem: Literal["required", "choice", "none"]
    draft_hours: int | None
    waking_from: int = 8
    waking_to: int = 22
    breaks_quiet: bool = False


ALL_ROLES = ("owner", "technical_lead", "communications_lead", "support_liaison", "leadership_liaison")

DEFAULTS = (
    SeverityFacts(
        1,
        "A critical flow stopped for many, or money or data lost, wrong or seen by the wrong people",
        "always", True, ALL_ROLES, 10, 15, 30, 30, 20, "grave", "required", 48, breaks_quiet=True,
    ),
    SeverityFacts(
        2,
        "A critical flow hurt for some, or another flow stopped with no workaround",
        "always", False, ("owner", "technical_lead", "communications_lead"), 15, 30, 60, 60, 30, "serious", "required",
        None, breaks_quiet=True,
    ),
    SeverityFacts(
        3, "Hurt with a workaround, or few touched", "waking", False, ("owner",), 60, None, 240, None, None, "plain",
        "choice", None,
    ),
    SeverityFacts(
        4, "A flaw for working hours", "never", False, ("owner",), None, None, None, None, None, "plain", "none", None,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hurt:
    """What is known of the harm. None: not known yet."""

    criticality: str | None = None
    stopped: bool | None = None
    for_many: bool | None = None
    workaround: bool | None = None
    data_harmed: bool = False


def propose(hurt: Hurt) -> tuple[int, str]:
    """A severity and its reason, marked for translation, down as readily as up; only a person changes an incident's."""
    if hurt.data_harmed:
        return 1, _("money or data is lost, wrong or seen by the wrong people")
    if hurt.criticality == "critical":
        if hurt.stopped and hurt.for_many:
            return 1, _("a critical flow is stopped for many")
        return 2, _("a critical flow is hurt")
    if hurt.stopped and hurt.workaround is False:
        return 2, _("a flow is stopped and there is no workaround")
    if hurt.criticality is None:
        # What nobody can tell to be harmless can't wait for the morning; a person takes it down as soon as it is known.
        return 2 if hurt.stopped else 3, _("it began before anybody knew which flow is hurt")
    if hurt.criticality == "minor" and not hurt.stopped:
        return 4, _("a minor flow has a flaw")
    return 3, _("it is hurt with a workaround, or few are touched")
