"""What incidents cost, as a page to show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstcall.kernel import clock
from firstcall.learn.queries.evidence import cases
from firstcall.learn.rules.cost import RATE, SHARE
from firstcall.learn.rules.evidence import by_cause, by_flow, total
from firstcall.people.pages.guard import needs, viewer_of


@require_safe
@needs("read")
def evidence(request: HttpRequest) -> HttpResponse:
    """Twelve months by flow and by cause, with what the figures assume."""
    rows = cases(viewer=viewer_of(request), now=clock.now())
    shares = [(severity, round(low * 100), round(high * 100)) for severity, (low, high) in SHARE.items()]
    context = {
        "total": total(rows), "flows": by_flow(rows), "causes": by_cause(rows), "shares": shares, "rate": RATE,
    }  # fmt: skip
    return render(request, "learn/evidence/evidence.html", context)
