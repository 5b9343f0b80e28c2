"""Journal kinds of detect. Repeats write none: only what changes something."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

NOW, BOTH = ("now",), ("answers", "timeline", "now")

GROUP_PAGED = kind("group.paged", _("Alert: {title}. {reason}"), glyph="break", regions=BOTH)
GROUP_WAITS = kind("group.waits", _("Alert for the digest: {title}. {reason}"), regions=NOW)
GROUPS_WAIT = kind("groups.wait", _("{count} alerts for the digest, the first: {title}. {reason}"), regions=NOW)
ALERT_JOINED = kind("alert.joined", _("Alert: {title}. {reason}"), regions=("answers", "timeline"))
ALERTS_JOINED = kind(
    "alerts.joined", _("{count} alerts joined '{group}', the first: {title}"), regions=("answers", "timeline")
)
GROUP_RECOVERED = kind("group.recovered", _("The alerts of '{title}' have stopped"), glyph="check", regions=BOTH)
GROUP_SILENT = kind(
    "group.fell_silent", _("Nothing more is heard of '{title}': whether it is well is not known"), regions=BOTH
)
GROUP_CLOSED = kind(
    "group.closed", _("{by} said that '{title}' is over"), glyph="person", regions=BOTH, filter="people"
)
GROUP_ANSWERED = kind(
    "group.answered", _("{by} said of '{title}': {answer}"), glyph="person", regions=NOW, filter="people"
)
DIGEST_READ = kind(
    "digest.read", _("{by} read the digest: {count} waiting"), glyph="person", regions=NOW, filter="people"
)
SOURCE_MADE = kind("source.made", _("{by} made the source {name}"), glyph="pin", filter="people")
SOURCE_ENDED = kind("source.ended", _("{by} ended the source {name}"), glyph="pin", filter="people")
KEY_MADE = kind("key.made", _("{by} made a key for {name}"), glyph="pin", filter="people")
KEY_ENDED = kind("key.ended", _("{by} ended a key of {name}"), glyph="pin", filter="people")
INBOX_PARKED = kind(
    "inbox.parked", _("A message from {source} could not be taken in: {reason}"), glyph="machine", regions=NOW
)
REPORT_FILED = kind("report.filed", _("{by} reported: {seen}"), glyph="report", regions=BOTH, filter="people")
REPORT_AMENDED = kind(
    "report.amended", _("{by} added to a report: {seen}"), glyph="report", regions=BOTH, filter="people"
)
REPORT_JOINED = kind(
    "report.joined", _("{by} brought a report here: {seen}"), glyph="report", regions=BOTH, filter="people"
)
REPORT_PARTED = kind(
    "report.parted", _("{by} said that this is about something else: {seen}"), glyph="report", regions=BOTH,
    filter="people",
)  # fmt: skip
PROVIDER_SAID = kind("provider.said", _("{name} says that it is {said}. {why}"), glyph="report", regions=NOW)
PROVIDER_ASKED = kind("provider.asked", _("{by} asked how {name} is"), glyph="person", filter="people")
