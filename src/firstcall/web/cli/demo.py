"""Play the Friday evening on the running instance, in about two minutes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from firstcall.web.cli.main import CannotRun, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pace", type=float, default=1.0, help="1: about two minutes; 0: without pauses")


def _wait(done: Callable[[], bool]) -> None:
    """Until the running instance has taken in what the scene sent. Raises CannotRun after twenty seconds."""
    until = time.monotonic() + 20
    while not done():
        if time.monotonic() > until:
            raise CannotRun("Nobody takes the alerts in: start Firstcall first, with `make up` in another terminal.")
        time.sleep(0.1)


def run(given: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings
    from django.urls import reverse

    from firstcall.desk.evening import Evening
    from firstcall.kernel import clock
    from firstcall.kernel.refusal import Refused
    from firstcall.web.cli.migrate import refuse_other_schema

    refuse_other_schema()
    try:
        evening = Evening(now=clock.now())
        print(f"Watch {settings.BASE_URL}/ and {settings.BASE_URL}/status/tillhouse/", flush=True)
        here = clock.now().astimezone(ZoneInfo(evening.ada.zone))
        print(f"In the story it is Friday, 23:02; the pages show your own clock, {here:%H:%M %Z} now.", flush=True)
        for scene in evening.scenes():
            print(f"{scene.at}  {scene.words}", flush=True)
            scene.happen(clock.now())
            _wait(lambda: evening.heard_all)
            if evening.incident is not None and scene.happen.__name__ == "declare":
                print(f"       The room: {settings.BASE_URL}/incidents/{evening.incident.pk}/", flush=True)
            time.sleep(scene.seconds * given.pace)
    except Refused as refused:
        raise CannotRun(refused.sentence) from None
    assert evening.incident is not None
    print(f"The lesson: {settings.BASE_URL}/incidents/{evening.incident.pk}/postmortem/", flush=True)
    print(
        f"It was a sample, and its people are nobody. Take it all away: {settings.BASE_URL}{reverse('sample')}",
        flush=True,
    )
    return 0
