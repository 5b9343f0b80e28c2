"""Making and changing status pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstcall.inform.commands.page_version import add_version
from firstcall.inform.events import PAGE_CHANGED, PAGE_MADE
from firstcall.inform.models.status_page import StatusComponent, StatusPage
from firstcall.inform.queries.reach import page_to_show
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.flow import Flow

Part = tuple[str, Flow | None]


def make_page(
    *, name: str, parts: Sequence[Part], by: Actor, now: dt.datetime, slug: str = "", private: bool = False
) -> StatusPage:
    """A page with its parts in order, published at once. Raises Refused without a name or with a taken address."""
    name, slug = name.strip(), slugify(slug or name)[:60]
    if not name or not slug:
        raise Refused(_("Give the page a name, such as your company's."), field="name")
    with transaction.atomic():
        if StatusPage.objects.filter(slug=slug).exists():
            raise Refused(_("That address is taken: choose another."), field="slug")
        page = StatusPage.objects.create(slug=slug, name=name[:120], private=private, since=now)
        _set_parts(page, parts)
        record(PAGE_MADE, by=by, now=now, subject=f"status_page:{page.pk}", name=page.name)
        add_version(page=page, now=now)
    return page


def show_flow(*, flow: Flow | None, name: str, by: Actor, now: dt.datetime) -> StatusPage:
    """Have a page that shows this flow, at once: on the first public page there is, else on a new one called `name`.

    A page that shows it already is left as it is. Nothing else is put on a new page: what customers may see of the rest
    is chosen in calm. Raises Refused when a new page is needed and has no name, or its address is taken.
    """
    with transaction.atomic():
        page = page_to_show(flow)
        if page is None:
            return make_page(name=name, parts=[(flow.name, flow)] if flow else [], by=by, now=now)
        if flow is None or page.components.filter(flow=flow).exists():
            return page
        StatusPage.objects.select_for_update().get(pk=page.pk)
        StatusComponent.objects.create(page=page, name=flow.name[:120], flow=flow, order=page.components.count())
        record(PAGE_CHANGED, by=by, now=now, subject=f"status_page:{page.pk}", name=page.name)
        add_version(page=page, now=now)
    return page


def change_page(*, page: StatusPage, name: str, parts: Sequence[Part], by: Actor, now: dt.datetime) -> StatusPage:
    """New name and parts; published at once. Raises Refused without a name."""
    if not name.strip():
        raise Refused(_("Give the page a name, such as your company's."), field="name")
    with transaction.atomic():
        page.name = name.strip()[:120]
        page.save(update_fields=["name"])
        _set_parts(page, parts)
        record(PAGE_CHANGED, by=by, now=now, subject=f"status_page:{page.pk}", name=page.name)
        add_version(page=page, now=now)
    return page


def _set_parts(page: StatusPage, parts: Sequence[Part]) -> None:
    """A part keeps its id as long as its flow is shown: whoever watches the JSON knows it by that."""
    known = {part.flow_id: part for part in page.components.all() if part.flow_id is not None}
    kept = []
    for order, (name, flow) in enumerate((name.strip(), flow) for name, flow in parts if name.strip()):
        part = known.pop(flow.pk, None) if flow is not None else None
        part = part or StatusComponent(page=page, flow=flow)
        part.name, part.order = name[:120], order
        part.save()
        kept.append(part.pk)
    page.components.exclude(pk__in=kept).delete()
