"""Whose what was prepared is: many things at once, so that forty parts are one tap and not forty forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import PREPARED_GIVEN
from firstcall.ready.models.customer import Customer
from firstcall.ready.queries.confirmation import Row


def give_owner(*, rows: Sequence[Row], owner: User, by: Actor, now: dt.datetime) -> None:
    """Each of `rows` is `owner`'s from now on; a customer's account owner is meant. All of them or none.

    Raises Refused for nothing chosen, for somebody who left and for a row that came from a file.
    """
    if not rows:
        raise Refused(_("Tick what you give away."), field="rows")
    if not owner.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=owner.name), field="owner")
    with transaction.atomic():
        for row in rows:
            refuse_from_file(row)
            field = "account_owner" if isinstance(row, Customer) else "owner"
            type(row)._default_manager.filter(pk=row.pk).update(**{field: owner})
        record(
            PREPARED_GIVEN, by=by, now=now, subject=f"user:{owner.pk}", count=len(rows), name=owner.name,
            what=[str(row) for row in rows],
        )  # fmt: skip
