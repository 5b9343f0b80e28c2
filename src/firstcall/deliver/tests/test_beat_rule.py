"""Silent is who has not been heard for a minute, by somebody who listened that long."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.rules.beat import silent_since

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


def ago(seconds: float) -> dt.datetime:
    return NOW - dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("heard", "watching", "silent"),
    [
        (5, 600, None),
        (60, 600, None),
        (61, 600, 61),
        (86400, 10, None),
        (86400, 61, 86400),
        (None, 60, None),
        (None, 61, 61),
    ],
)
def test_a_minute_of_silence_that_somebody_listened_to(
    heard: float | None, watching: float, silent: float | None
) -> None:
    said = silent_since(None if heard is None else ago(heard), watching_since=ago(watching), now=NOW)
    assert said == (None if silent is None else ago(silent))
