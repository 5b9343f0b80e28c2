"""Codes of an authenticator app, against the vectors of RFC 6238 (appendix B, the last six digits)."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from firstcall.people.rules.totp import STEP, code_of, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_the_vectors(second: int, code: str) -> None:
    assert code_of(SECRET, second // STEP) == code
    assert step_of(SECRET, code, now=dt.datetime.fromtimestamp(second, dt.UTC)) == second // STEP


@pytest.mark.parametrize(("late", "taken"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(late: int, taken: bool) -> None:
    begins = 1111111110
    code = code_of(SECRET, begins // STEP)
    found = step_of(SECRET, code, now=dt.datetime.fromtimestamp(begins + late, dt.UTC))
    assert found == (begins // STEP if taken else None)


@pytest.mark.parametrize("code", ["", "28708", "2870820", "abcdef", "２８７０８２"])
def test_anything_else_is_wrong(code: str) -> None:
    assert step_of(SECRET, code, now=dt.datetime.fromtimestamp(59, dt.UTC)) is None


def test_spaces_as_apps_show_them_do_no_harm() -> None:
    assert step_of(SECRET, "287 082", now=dt.datetime.fromtimestamp(59, dt.UTC)) == 1
