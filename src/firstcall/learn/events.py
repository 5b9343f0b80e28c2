"""Journal kinds of learn."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

DRAFTED = kind(
    "postmortem.drafted", _("{by} began the postmortem from the timeline"), glyph="pin",
    regions=("next", "timeline", "now"), filter="people",
)  # fmt: skip
STORY_CHANGED = kind("postmortem.changed", _("{by} changed the postmortem"), glyph="pin", filter="people")
REVIEWED = kind("postmortem.reviewed", _("{by} closed the postmortem's review"), glyph="check", filter="people")
FINDING_ADDED = kind("finding.added", _("{by} found: {text}"), glyph="pin", regions=("timeline",), filter="people")
ACTION_ADDED = kind(
    "action.added", _("{by} noted an action: {what} ({owner}, until {due})"), glyph="pin", regions=("timeline", "now"),
    filter="people",
)  # fmt: skip
ACTION_DONE = kind("action.done", _("{by} did: {what}"), glyph="check", regions=("timeline", "now"), filter="people")
ACTION_MOVED = kind("action.moved", _("{by} moved to {due}: {what}"), glyph="clock", regions=("now",), filter="people")
