"""A signal as every source gives it: severities, storable text, the part it is about."""

from __future__ import annotations

from firstcall.detect.rules.signal import Signal, component_hints, safe, severity_word


def test_severities_of_all_tools_become_ours() -> None:
    words = ["critical", "PAGE", " P1 ", "high", "warn", "P4", "none", "", "purple"]
    assert [severity_word(word) for word in words] == [
        "critical", "critical", "critical", "error", "warning", "info", "none", "error", "error",
    ]  # fmt: skip


def test_text_is_made_storable() -> None:
    assert safe("plain", most=10) == "plain"
    assert safe("a\x00b\ud800", most=10) == "a�b?"
    assert safe("x" * 20, most=10) == "x" * 9 + "…"


def test_the_part_is_looked_for_in_the_labels_that_tell_most() -> None:
    labels = {"job": "Payments_Service", "component": "check out", "instance": "10.0.0.1"}
    assert component_hints(Signal("a", True, "x", "error", labels=labels)) == ["check-out", "payments-service"]


def test_the_rule_is_the_name_of_what_fired_or_its_title() -> None:
    assert Signal("a", True, "Card payments fail", "error", labels={"alertname": "PaymentsFail"}).rule == "PaymentsFail"
    assert Signal("a", True, "Card payments fail", "error").rule == "Card payments fail"
