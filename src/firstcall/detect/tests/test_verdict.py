"""Every verdict, enumerated: who is woken, what joins, what waits, what is dropped."""

from __future__ import annotations

import pytest

from firstcall.detect.rules.verdict import CRITICALITY_WORDS, SEVERITY_WORDS, Threat, decide
from firstcall.kernel.say import plain

CHECKOUT = {"component": "Payments service", "flow": "Checkout", "criticality": "critical"}
REFUNDS = {"component": "Payments service", "flow": "Refunds", "criticality": "important"}
REPORTS = {"component": "Reporting", "flow": "Reports", "criticality": "minor"}


def threat(severity: str = "critical", **facts: object) -> Threat:
    return Threat(source="Prometheus", severity=severity, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "verdict", "reason"),
    [
        (threat("critical", **CHECKOUT), "page", "Paged, because Checkout is critical."),
        (threat("error", **CHECKOUT), "page", "Paged, because Checkout is critical."),
        (threat("warning", **CHECKOUT), "page", "Paged, because Checkout is critical."),
        (
            threat("warning", **CHECKOUT, peak=True),
            "page",
            "Paged, because Checkout is critical and this is its peak.",
        ),
        (threat("error", **CHECKOUT, peak=False), "page", "Paged, because Checkout is critical."),
        (
            threat("warning", **CHECKOUT, peak=False),
            "digest",
            "Waits for the digest: a warning, and Checkout is not in its peak.",
        ),
        (
            threat("info", **CHECKOUT, peak=True),
            "digest",
            "Waits for the digest: it says that it is only for your information.",
        ),
        (threat("none", **CHECKOUT), "drop", "Dropped: Prometheus itself says that nothing is wrong."),
        (threat("critical", **REFUNDS), "page", "Paged, because Refunds is important and the alert is grave."),
        (threat("error", **REFUNDS), "page", "Paged, because Refunds is important and the alert is grave."),
        (
            threat("warning", **REFUNDS),
            "digest",
            "Waits for the digest: it touches Refunds only, nothing else is wrong.",
        ),
        (
            threat("critical", **REPORTS),
            "digest",
            "Waits for the digest: it touches Reports only, nothing else is wrong.",
        ),
        (threat("critical", component="Lift"), "digest", "Waits for the digest: no flow needs Lift."),
        (
            threat("critical"),
            "page",
            "Paged, because it is critical, and nothing on the map shows that it is harmless.",
        ),
        (threat("error"), "digest", "Waits for the digest: nothing on the map needs what it names."),
        (threat("none"), "drop", "Dropped: Prometheus itself says that nothing is wrong."),
        (
            threat("none", **CHECKOUT, sick="Card payments fail", sick_part="Payments service"),
            "drop",
            "Dropped: Prometheus itself says that nothing is wrong.",
        ),
        (
            threat(unreadable=True),
            "page",
            "Paged, because Prometheus sent something we could not read, and nobody can tell that it is harmless.",
        ),
        (
            threat("info", **CHECKOUT, sick="Card payments fail", sick_part="Payments service"),
            "join",
            "Joined 'Card payments fail': the same sick part, and that has paged already.",
        ),
        (
            threat("critical", **CHECKOUT, sick="Ledger is down", sick_part="Ledger"),
            "join",
            "Joined 'Ledger is down': Payments service fails together with Ledger, and that has paged already.",
        ),
        (
            threat("critical", sick="DiskFull"),
            "join",
            "Joined 'DiskFull': the same sick part, and that has paged already.",
        ),
        (
            threat(unreadable=True, sick="A message from Prometheus that we could not read"),
            "join",
            "Joined 'A message from Prometheus that we could not read': the same source still sends what we could not "
            "read.",
        ),
    ],
)
def test_the_verdict_and_its_reason(facts: Threat, verdict: str, reason: str) -> None:
    decided = decide(facts)
    assert (decided.verdict, plain(decided.reason)) == (verdict, reason)


def test_the_chain_leads_there_step_by_step() -> None:
    decided = decide(threat("warning", **CHECKOUT, peak=True, sick="Ledger is down", sick_part="Ledger"))
    assert [plain(step) for step in decided.steps] == [
        "Prometheus says: a warning.",
        "The map knows the part it names: Payments service.",
        "Checkout needs it, and is critical.",
        "This is a peak hour of Checkout.",
        "'Ledger is down' has paged already and is still open.",
    ]


def test_what_nobody_could_read_is_not_given_a_severity() -> None:
    assert [plain(step) for step in decide(threat(unreadable=True)).steps] == [
        "Prometheus sent something we could not read."
    ]


@pytest.mark.parametrize("severity", SEVERITY_WORDS)
@pytest.mark.parametrize("criticality", ["", *CRITICALITY_WORDS])
@pytest.mark.parametrize("component", ["", "Payments service"])
@pytest.mark.parametrize("peak", [None, True, False])
@pytest.mark.parametrize("sick", ["", "Card payments fail"])
@pytest.mark.parametrize("unreadable", [True, False])
def test_every_combination_has_a_verdict_and_nothing_open_pages_twice(
    severity: str, criticality: str, component: str, peak: bool | None, sick: str, unreadable: bool
) -> None:
    decided = decide(
        Threat(
            source="Prometheus", severity=severity, component=component, flow="Checkout" if criticality else "",
            criticality=criticality, peak=peak, sick=sick, unreadable=unreadable,
        )
    )  # fmt: skip
    assert plain(decided.reason).endswith(".") and decided.steps
    assert (decided.verdict == "drop") is (severity == "none" and not unreadable)
    assert (decided.verdict == "join") is (bool(sick) and decided.verdict != "drop")
    if unreadable and not sick:
        assert decided.verdict == "page"


def test_what_was_said_to_be_over_is_judged_anew() -> None:
    decided = decide(threat("critical", **CHECKOUT, over="Card payments fail"))
    assert (decided.verdict, plain(decided.reason)) == ("page", "Paged, because Checkout is critical.")
    words = "'Card payments fail' was said to be over: what is new is judged anew."
    assert plain(decided.steps[-1]) == words
    assert decide(threat("info", **CHECKOUT, over="Card payments fail")).verdict == "digest"
