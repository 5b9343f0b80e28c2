"""Let somebody back in who lost password or second factor: prints a one-time link to a new password."""

from __future__ import annotations

import argparse

from firstcall.web.cli.main import CannotRun, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the mail address of the account")


def run(given: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from firstcall.kernel import clock
    from firstcall.kernel.refusal import Refused
    from firstcall.people.commands.invitation import let_in
    from firstcall.web.cli.migrate import refuse_other_schema

    refuse_other_schema()
    try:
        path = let_in(email=given.email, now=clock.now())
    except Refused as refused:
        raise CannotRun(refused.sentence) from None
    print(f"Choose a new password here (once, within 30 minutes): {settings.BASE_URL}{path}")
    print("The second factor is off and every session has ended. Turn it on again in the profile.")
    return 0
