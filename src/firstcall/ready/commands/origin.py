"""What came from a file is changed in its file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstcall.kernel.refusal import Refused
from firstcall.ready.models.change import ReleaseWindow
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.prepared import Prepared


def refuse_from_file(row: Prepared | Dependency | ReleaseWindow) -> None:
    """Raise Refused for a row that came from a file."""
    if row.origin:
        raise Refused(_("This comes from {file}: change it there and apply the file again.").format(file=row.origin))
