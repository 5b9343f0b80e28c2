"""One of many values as one parameter, where `__in` would write each of them into the statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup


class Among(Lookup):
    """SQLite reads the values from a JSON array, PostgreSQL takes them as an array."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*parameters, self.rhs)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, json.dumps(self.rhs))  # noqa: S608


def among(column: str, values: Iterable[int] | Iterable[str]) -> Among:
    """A condition for `filter`: the column is one of these."""
    return Among(F(column), list(values))
