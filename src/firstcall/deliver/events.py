"""Journal kinds of deliver."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

AUDITOR_SILENT = kind(
    "auditor.silent",
    _("Nobody checks any more that pages leave: the watchdog fell silent. All admins were told"),
    glyph="break",
    regions=("now",),
)
AUDITOR_BACK = kind(
    "auditor.back", _("The watchdog is heard again after {minutes} min"), glyph="machine", regions=("now",)
)
