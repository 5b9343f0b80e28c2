"""Signals in: sources, intake, alerts, groups, verdicts, reports."""
