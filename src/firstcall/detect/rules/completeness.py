"""What a report still lacks, in words: 'the system is down' is not enough to work with."""

from __future__ import annotations

from dataclasses import dataclass

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _

VAGUE = 25  # characters: shorter than this is a cry, not a description


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says already; texts are as typed."""

    seen: str
    flow: bool = False
    since: bool = False
    error: str = ""
    who: str = ""
    stands_still: str = ""
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: the field's name, and the sentence that asks for it."""

    field: str
    ask: Say


def missing(told: Told) -> list[Missing]:
    """What is missing, what would help most first; empty when nothing is."""
    wanted = [
        (
            told.error.strip(),
            "error",
            _("An error text or code would help most: often it stands under the red banner."),
        ),
        (told.since, "since", _("When did it begin? A rough time is enough.")),
        (told.flow, "flow", _("What were they doing when it failed?")),
        (
            len(told.seen.strip()) >= VAGUE,
            "seen",
            _("What do they see on the screen, word for word? ‘It is down’ can mean many things."),
        ),
        (told.who.strip(), "who", _("Who is affected: one person, one company, or everybody?")),
        (told.stands_still.strip(), "stands_still", _("What stands still in their business meanwhile?")),
        (told.picture, "picture", _("A screenshot says what words forget.")),
    ]
    return [Missing(field, say(ask)) for known, field, ask in wanted if not known]


def how_complete(told: Told) -> Say:
    """One sentence on how far one gets with it."""
    lacking = len(missing(told))
    if lacking == 0:
        return say(_("Nothing is missing: engineering can start from this."))
    if lacking <= 2:
        return say(_("Good enough to start from. It would be quicker still with this:"))
    if lacking <= 4:
        return say(_("A start. These would save the engineers asking back:"))
    return say(_("With only this, nobody knows where to look. Ask for these, the first one most of all:"))
