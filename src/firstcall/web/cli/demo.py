"""Play the Friday evening on the running instance, in about two minutes."""

from __future__ import annotations

import argparse
import time

from firstcall.web.cli.main import CannotRun, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pace", type=float, default=1.0, help="1: about two minutes; 0: without pauses")


def run(given: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from firstcall.desk.evening import Evening
    from firstcall.kernel import clock
    from firstcall.kernel.refusal import Refused
    from firstcall.web.cli.migrate import refuse_other_schema

    refuse_other_schema()
    try:
        evening = Evening(now=clock.now())
        print(f"Watch {settings.BASE_URL}/ and {settings.BASE_URL}/status/tillhouse/", flush=True)
        for scene in evening.scenes():
            print(scene.words, flush=True)
            scene.happen(clock.now())
            if evening.incident is not None and scene.happen.__name__ == "declare":
                print(f"  The room: {settings.BASE_URL}/incidents/{evening.incident.pk}/", flush=True)
            time.sleep(scene.seconds * given.pace)
    except Refused as refused:
        raise CannotRun(refused.sentence) from None
    assert evening.incident is not None
    print(f"The lesson: {settings.BASE_URL}/incidents/{evening.incident.pk}/postmortem/", flush=True)
    return 0
