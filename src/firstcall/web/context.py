"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from firstcall.kernel import clock


def house(request: HttpRequest) -> dict[str, Any]:
    """`now` for relative times, one reading for the whole page."""
    return {"now": clock.now()}
