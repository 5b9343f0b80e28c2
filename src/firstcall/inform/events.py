"""Journal kinds of inform."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

REGIONS = ("head", "next", "answers", "updates", "timeline", "now")
UPDATE_PUBLISHED = kind(
    "update.published", _("{by} told {audience_words}: {text}"), glyph="words", regions=REGIONS, filter="words"
)
HOLDING_SENT = kind(
    "update.held",
    _("{by} told {audience_words} that nothing is new: {text}"),
    glyph="words",
    regions=REGIONS,
    filter="words",
)
WORDS_OVERRULED = kind(
    "wording.overruled", _("{by} sent words the check had marked: {marks}"), glyph="words", regions=("timeline",),
    filter="words",
)  # fmt: skip
REPAIR_STATED = kind(
    "repair.stated", _("{by} gave a time of repair, {at}, because: {basis}"), glyph="clock", regions=("timeline",),
    filter="words",
)  # fmt: skip
CLOCK_MISSED = kind(
    "clock.missed", _("{audience} was promised a word by {at} and got none"), glyph="clock",
    regions=("next", "answers", "updates", "timeline", "now"), filter="words",
)  # fmt: skip
PAGE_MADE = kind("page.made", _("{by} made the status page {name}"), glyph="pin", filter="people")
PAGE_CHANGED = kind("page.changed", _("{by} changed the status page {name}"), glyph="pin", filter="people")
SUBSCRIBER_CONFIRMED = kind("subscriber.confirmed", _("A subscriber of {name} confirmed"), glyph="person")
SUBSCRIBER_ENDED = kind("subscriber.ended", _("A subscriber of {name} ended"), glyph="person")
POCKET_WISHED = kind(
    "pocket.wished", _("{by} chose when the pocket sheet comes by mail"), glyph="words", filter="people"
)
