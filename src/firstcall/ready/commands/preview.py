"""Keeping a file for its preview, and forgetting it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.spoken import speak
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.catalogs.graph import LARGEST
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview, PreviewKind
from firstcall.ready.rules.customer_import import COLUMNS, guess_columns
from firstcall.ready.rules.table import Unreadable, decode, read_table

KEPT = dt.timedelta(days=1)
MOST = 5  # of one person


def keep_preview(*, body: bytes, name: str, person: User, now: dt.datetime, flow: Flow | None = None) -> Preview:
    """Keep a table for a day: of customers, or of the hours of `flow`. What it says holds only once it is imported.

    The oldest of more than five of a person leave. Raises Refused for what is no table.
    """
    try:
        text, encoding = decode(body)
        table = read_table(text)
    except Unreadable as why:
        raise Refused(speak(why.sentence), field="file") from None
    return _kept(
        kind=PreviewKind.CUSTOMERS if flow is None else PreviewKind.HOURS, flow=flow,
        name=name[-120:] or _("a paste"), text=text, encoding=encoding,
        columns=[] if flow else list(guess_columns(table.header.cells)), by=person, made_at=now,
    )  # fmt: skip


def keep_catalog(*, body: bytes, name: str, person: User, now: dt.datetime) -> Preview:
    """Keep a file of what is prepared for a day, as above. Raises Refused for one that is too large or not UTF-8.

    What else is wrong with it is told line by line where it is looked at.
    """
    if len(body) > LARGEST:
        raise Refused(_("The file is over 5 MB: split it."), field="file")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("This is not UTF-8: save the file as UTF-8."), field="file") from None
    if "\x00" in text:
        raise Refused(_("There is a character in it that no text has: is this the right file?"), field="file")
    return _kept(
        kind=PreviewKind.CATALOG,
        name=name[-120:] or "catalog.yaml",
        text=text,
        encoding="utf-8",
        by=person,
        made_at=now,
    )


def _kept(*, by: User, **facts: Any) -> Preview:
    """A new preview; the oldest of more than five of a person leave."""
    with transaction.atomic():
        row = Preview.objects.create(by=by, **facts)
        kept = list(Preview.objects.filter(by=by).order_by("-made_at", "-pk").values_list("pk", flat=True)[:MOST])
        Preview.objects.filter(by=by).exclude(pk__in=kept).delete()
    return row


def choose_columns(*, preview: Preview, columns: Sequence[str]) -> Preview:
    """Which column is what. Raises Refused for a field chosen twice, and for one there is none of."""
    chosen = [one for one in columns if one]
    twice = next((one for one in chosen if chosen.count(one) > 1), None)
    if twice is not None:
        raise Refused(_("Two columns can’t both be “{name}”.").format(name=_(COLUMNS[twice][0])))
    if len(columns) != len(preview.columns) or not set(chosen) <= COLUMNS.keys():
        raise Refused(_("Choose from the list."))
    preview.columns = list(columns)
    preview.save(update_fields=["columns"])
    return preview


def drop_preview(*, preview: Preview) -> None:
    """It is not imported; nothing of it is kept."""
    preview.delete()


def forget_previews(*, now: dt.datetime) -> int:
    """Those older than a day leave; how many."""
    return Preview.objects.filter(made_at__lte=now - KEPT).delete()[0]
