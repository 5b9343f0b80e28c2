"""Journal kinds of the journal itself."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

REDACTED_KIND = kind(
    "journal.redacted",
    _("{by} took away the details of an entry: {reason}"),
    glyph="pin",
    regions=("timeline",),
)
