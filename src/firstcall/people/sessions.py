"""Django's session store over our own table, named by SESSION_ENGINE."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from firstcall.people.models.session import Session

BEGAN, AGENT, ADDRESS = "began_at", "agent", "address"


class SessionStore(DatabaseStore):
    """Keeps the columns that say whose session it is beside what Django signs."""

    seen_at: dt.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row is not None else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        user, began = data.get("_auth_user_id"), data.get(BEGAN)
        row.user_id = int(user) if user else None
        row.agent, row.address = data.get(AGENT, ""), data.get(ADDRESS, "")
        row.began_at = dt.datetime.fromisoformat(began) if began else None
        row.seen_at = self.seen_at or row.began_at
        return row
