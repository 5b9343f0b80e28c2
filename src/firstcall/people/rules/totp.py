"""Codes of an authenticator app: RFC 6238 over RFC 4226, SHA-1, six digits, steps of 30 seconds."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import struct

STEP = 30  # seconds
DIGITS = 6
TOLERANCE = 1  # steps: a telephone's clock may be half a minute off


def code_of(secret: str, step: int) -> str:
    """The code of one time step. `secret` is base32, as an app is given it."""
    key = base64.b32decode(secret.encode(), casefold=True)
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    value = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, *, now: dt.datetime) -> int | None:
    """The newest time step around `now` (aware) that this code belongs to; None for a wrong code."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    middle = int(now.timestamp()) // STEP
    for step in range(middle + TOLERANCE, middle - TOLERANCE - 1, -1):
        if step >= 0 and hmac.compare_digest(typed, code_of(secret, step).encode()):
            return step
    return None
