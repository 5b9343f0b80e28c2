"""A new version of a status page, in the transaction that changes what it says."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from firstcall.inform.models.status_page import PageVersion, StatusPage
from firstcall.inform.queries.page_content import page_content

KEPT = 20


def add_version(*, page: StatusPage, now: dt.datetime) -> PageVersion:
    """Write down all that the page shows now. The page's row is locked, so that numbers follow the order of commits."""
    StatusPage.objects.select_for_update().get(pk=page.pk)
    last = page.versions.aggregate(last=Max("number"))["last"] or 0
    version = PageVersion.objects.create(page=page, number=last + 1, content=page_content(page, now=now), at=now)
    page.versions.filter(number__lte=last - KEPT).delete()
    return version
