"""Writes to the store as another process would: one JSON command a line on stdin, one answer a line on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any


def obey(do: str, **facts: Any) -> Any:
    """Carry out one command."""
    from firstcall.journal.commands.entry import number_entries, record
    from firstcall.journal.kinds import KINDS
    from firstcall.journal.models.entry import Entry
    from firstcall.journal.queries.entry import position_of_news
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE
    from firstcall.respond.commands.incident import open_incident, restrict_incident
    from firstcall.respond.models.incident import Incident

    now = clock.now()
    if do == "open":
        incident = open_incident(
            title="Checkout fails", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=now,
            restricted=facts["restricted"],
        )  # fmt: skip
        return incident.pk
    if do == "say":
        for _ in range(facts.get("times", 1)):
            record(
                KINDS["incident.resolved"], by=MACHINE, now=now, subject=f"incident:{facts['incident']}",
                incident=facts["incident"],
            )  # fmt: skip
        return None
    if do == "restrict":
        room = Incident.objects.get(pk=facts["incident"])
        restrict_incident(incident=room, restricted=True, named=[], by=MACHINE, now=now)
        return None
    while Entry.objects.filter(place__isnull=True).exists():
        number_entries()
    return position_of_news()


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(obey(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
