"""The map that a process keeps is the one that stands in the store, whoever writes it and however."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.rules.ripple import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts() -> list[Component]:
    flow = Flow.objects.create(slug="checkout", name="Checkout")
    parts = [Component.objects.create(slug=slug, name=slug) for slug in ("pay", "ledger", "disk")]
    Dependency.objects.create(flow=flow, component=parts[0])
    Dependency.objects.create(from_component=parts[0], component=parts[1])
    return parts


def stopped_with(part: Component) -> set[Node]:
    return set(the_net().reached(("component", part.pk))[0])


def test_it_is_read_once_while_it_stays_as_it_is(parts: list[Component]) -> None:
    net = the_net()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        Component.objects.filter(pk=parts[0].pk).update(name="Payments")
        assert the_net() is net
    assert len(asked) == 2


def by_row(parts: list[Component]) -> None:
    Dependency.objects.create(from_component=parts[1], component=parts[2])


def in_bulk(parts: list[Component]) -> None:
    Dependency.objects.bulk_create([Dependency(from_component=parts[1], component=parts[2])], ignore_conflicts=True)


def by_update(parts: list[Component]) -> None:
    Dependency.objects.filter(component=parts[1]).update(component=parts[2])


def by_sql(parts: list[Component]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ready_dependency SET component_id = %s WHERE component_id = %s", [parts[2].pk, parts[1].pk]
        )


@pytest.mark.parametrize("write", [by_row, in_bulk, by_update, by_sql])
def test_every_way_of_writing_is_seen(write: Callable[[list[Component]], None], parts: list[Component]) -> None:
    assert stopped_with(parts[2]) == set()
    write(parts)
    assert ("component", parts[0].pk) in stopped_with(parts[2])


@pytest.mark.parametrize("whole", [True, False])
def test_what_leaves_takes_its_edges_with_it(whole: bool, parts: list[Component]) -> None:
    assert len(stopped_with(parts[1])) == 2
    if whole:
        Component.objects.filter(pk=parts[0].pk).delete()
    else:
        Dependency.objects.filter(flow__isnull=False).delete()
    assert stopped_with(parts[1]) == (set() if whole else {("component", parts[0].pk)})


def test_what_was_taken_back_is_forgotten(parts: list[Component]) -> None:
    before = the_net()
    with pytest.raises(LookupError), transaction.atomic():
        by_row(parts)
        assert len(stopped_with(parts[2])) == 3
        raise LookupError
    assert stopped_with(parts[2]) == set()
    by_row(parts)  # the same again gets another stamp
    assert len(stopped_with(parts[2])) == 3
    assert before.reached(("component", parts[2].pk)) == ([], [])
