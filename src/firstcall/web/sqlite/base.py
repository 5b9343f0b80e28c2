"""SQLite as the house wants it: WAL, synchronous=FULL, BEGIN IMMEDIATE behind a fair gate."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Every transaction begins IMMEDIATE. Connections are kept; only the committer checkpoints."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.setdefault("timeout", 5)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.transaction_mode = "IMMEDIATE"
        connection = super().get_new_connection(conn_params)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
