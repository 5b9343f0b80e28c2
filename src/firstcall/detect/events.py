"""Journal kinds of detect. Repeats write none: only what changes something."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

GROUP_PAGED = kind("group.paged", _("Alert: {title}. {reason}"), glyph="break", regions=("answers", "timeline", "now"))
GROUP_WAITS = kind("group.waits", _("Alert for the digest: {title}. {reason}"), glyph="machine", regions=("now",))
ALERT_JOINED = kind("alert.joined", _("Alert: {title}. {reason}"), glyph="machine", regions=("answers", "timeline"))
GROUP_RECOVERED = kind(
    "group.recovered", _("The alerts of '{title}' have stopped"), glyph="check", regions=("answers", "timeline", "now")
)
GROUP_ANSWERED = kind(
    "group.answered", _("{by} said of '{title}': {answer}"), glyph="person", regions=("now",), filter="people"
)
SOURCE_MADE = kind("source.made", _("{by} made the source {name}"), glyph="pin", filter="people")
SOURCE_ENDED = kind("source.ended", _("{by} ended the source {name}"), glyph="pin", filter="people")
KEY_MADE = kind("key.made", _("{by} made a key for {name}"), glyph="pin", filter="people")
KEY_ENDED = kind("key.ended", _("{by} ended a key of {name}"), glyph="pin", filter="people")
INBOX_PARKED = kind(
    "inbox.parked", _("A message from {source} could not be read: {reason}"), glyph="machine", regions=("now",)
)
REPORT_FILED = kind(
    "report.filed", _("{by} reported: {seen}"), glyph="report", regions=("answers", "timeline", "now"), filter="people"
)
