"""The words for what is seen: the same everywhere."""

from __future__ import annotations

from firstcall.kernel.say import mark as _

STOPS = ("transactions", "login")  # it stands still, not only limps
HARMS = "wrong_data"  # money or data may be lost
SYMPTOMS: dict[str, str] = {
    "transactions": _("Transactions fail"),
    "slow": _("Very slow"),
    "login": _("Cannot log in"),
    "timeouts": _("Timeouts"),
    "stuck": _("Payments are stuck"),
    "feature": _("One feature is broken"),
    "delayed": _("Notifications or updates are late"),
    "third_party": _("A third party fails"),
    "intermittent": _("Now and then, for some users"),
    "wrong_data": _("Wrong data"),
}
