"""The words for what is seen: the same everywhere."""

from __future__ import annotations

STOPS = ("transactions", "login")  # it stands still, not only limps
HARMS = "wrong_data"  # money or data may be lost
SYMPTOMS: dict[str, str] = {
    "transactions": "Transactions fail",
    "slow": "Very slow",
    "login": "Cannot log in",
    "timeouts": "Timeouts",
    "stuck": "Payments are stuck",
    "feature": "One feature is broken",
    "delayed": "Notifications or updates are late",
    "third_party": "A third party fails",
    "intermittent": "Now and then, for some users",
    "wrong_data": "Wrong data",
}
