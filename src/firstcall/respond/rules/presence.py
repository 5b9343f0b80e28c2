"""When somebody counts as gone: something waits for them and they give no sign."""

from __future__ import annotations

import datetime as dt

NO_SIGN = dt.timedelta(minutes=15)
WAITED = dt.timedelta(minutes=5)


def is_quiet(*, last_sign: dt.datetime, waits_since: dt.datetime | None, now: dt.datetime) -> bool:
    """No sign for a quarter of an hour while something has waited five minutes. Who nothing waits for may be silent.

    `last_sign` is the last thing they did here, or since when they have the role.
    """
    if waits_since is None:
        return False
    return now - last_sign >= NO_SIGN and now - waits_since >= WAITED
