"""What installations under test stand on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.cluster import Cluster


@pytest.fixture
def store() -> Iterator[str]:
    """The DATABASE_URL of an installation: SQLite, or in the run on PostgreSQL one that really writes to its disk."""
    if not os.environ.get("DATABASE_URL"):
        yield ""
        return
    with Cluster(durable=True) as cluster:
        cluster.execute("CREATE DATABASE firstcall")
        yield cluster.uri("firstcall")
