"""The first draft of a postmortem, from the timeline alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline: when ('22:54'), what, and its kind."""

    at: str
    sentence: str
    kind: str


@dataclass(frozen=True, slots=True)
class Story:
    """What the incident was, in facts. Empty: not known."""

    title: str
    flow: str
    began: str
    minutes: int
    symptom: str
    cause: str
    rows: Sequence[Row]


WHY_UNKNOWN = _("Not known yet: why did it break, and why did the system allow it?")
TO_WRITE = _("To be written.")
TOLD = ("incident.", "page.acknowledged", "decision.", "update.", "group.", "role.taken", "report.", "finding.")


def draft_story(story: Story) -> str:
    """Headings with what the product knows under each; gaps are asked, never filled."""
    happened = _("{title}. It began at {began} and lasted {minutes} minutes.").format(
        title=story.title.rstrip("."), began=story.began or _("a time nobody noted"), minutes=story.minutes
    )
    seen = story.symptom or _("Not noted: what did customers see?")
    why = story.cause or WHY_UNKNOWN
    lines = [f"{row.at}  {row.sentence}" for row in story.rows if row.kind.startswith(TOLD)]
    return "\n".join(
        [
            _("What happened"), happened, "", _("What was seen"), seen, "", _("Why"), why, "",
            _("How it went"), *(lines or [_("The timeline is empty.")]), "",
            _("What went well"), TO_WRITE, "", _("What would have made it shorter"), TO_WRITE,
        ]
    )  # fmt: skip


def unwritten(story: str) -> str:
    """The first of the draft's own gaps that still stands in a story; '' when there is none."""
    return next((gap for gap in (WHY_UNKNOWN, TO_WRITE) if gap in story), "")


def questions(rows: Sequence[Row], *, report_first: bool) -> list[str]:
    """What the facts ask for: each is a gap in the record. `report_first`: people told us before any alert did."""
    kinds = [row.kind for row in rows]
    asked = []
    if report_first:
        asked.append(_("A customer told us before any alert did. What would have told us first?"))
    if not any(kind.startswith("decision.") for kind in kinds):
        asked.append(_("No decision is on the record. What was decided, by whom, and why?"))
    if "update.published" not in kinds:
        asked.append(_("Nobody was told anything. Who should have been, and when?"))
    if "page.acknowledged" not in kinds:
        asked.append(_("Nobody acknowledged a page. How did the right person learn of it?"))
    return asked
