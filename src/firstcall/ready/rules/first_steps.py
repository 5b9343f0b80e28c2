"""What to try first, prepared in calm: few enough to be read at night."""

from __future__ import annotations

MOST_STEPS = 7
MOST_SIGNS = 200  # of one line


def checked_steps(text: str) -> str | None:
    """One step a line, without empty ones; None for more than seven."""
    lines = [" ".join(line.split())[:MOST_SIGNS] for line in text.splitlines() if line.strip()]
    return "\n".join(lines) if len(lines) <= MOST_STEPS else None


def lines_of(text: str) -> list[str]:
    """The steps as they are shown and ticked: each line once, without empty ones."""
    return list(dict.fromkeys(" ".join(line.split())[:MOST_SIGNS] for line in text.splitlines() if line.strip()))
