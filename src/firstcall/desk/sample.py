"""The sample company over all phases: what ready prepares, and a status page for it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.inform.commands.status_page import make_page
from firstcall.inform.models.status_page import StatusPage
from firstcall.kernel.actor import Actor
from firstcall.people.models.user import User
from firstcall.ready.commands.sample import load_sample, remove_sample
from firstcall.ready.queries.flow import flows_by_criticality

NAME = "Tillhouse"


def load_company(*, by: Actor, now: dt.datetime, people: list[User]) -> None:
    """Everything of the sample company, with `people` on call. Raises Refused when it is there already."""
    with transaction.atomic():
        load_sample(by=by, now=now, people=people)
        if not StatusPage.objects.filter(slug="tillhouse").exists():
            parts = [(flow.name, flow) for flow in flows_by_criticality() if flow.sample]
            page = make_page(name=NAME, parts=parts, by=by, now=now)
            StatusPage.objects.filter(pk=page.pk).update(sample=True)


def remove_company(*, by: Actor, now: dt.datetime) -> None:
    """Take it all away again."""
    with transaction.atomic():
        StatusPage.objects.filter(sample=True).delete()
        remove_sample(by=by, now=now)
