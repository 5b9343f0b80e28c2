"""Only what a living source tells of is watched."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.models.source import Source
from firstcall.detect.queries.watched import watched_flows
from firstcall.detect.rules.watched import HEARD, NAMED, Named, Voice, heard_flows, heard_parts
from firstcall.detect.tests.incoming import NOW, alert, send
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.ripple import Edge, Net

SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
LATELY, LONG_AGO = NOW - DAY, NOW - NAMED
PART = 7


@pytest.mark.parametrize(
    ("voice", "named", "heard"),
    [
        (Voice(1, PART, LATELY), [], LATELY),  # a source about the part, that spoke
        (Voice(1, PART, NOW - HEARD + SECOND), [], NOW - HEARD + SECOND),
        (Voice(1, PART, NOW - HEARD), [], None),  # it fell silent
        (Voice(1, PART, None), [], None),  # it never spoke
        (Voice(1, None, LATELY), [], None),  # it speaks, but not of the part
        (Voice(1, 8, LATELY), [], None),
        (Voice(1, None, LATELY), [Named(PART, 1, LONG_AGO + SECOND, firing=False)], LATELY),
        (Voice(1, None, LATELY), [Named(PART, 1, LONG_AGO, firing=False)], None),  # its rule may be gone
        (Voice(1, None, LATELY), [Named(PART, 1, LONG_AGO, firing=True)], LATELY),
        (Voice(1, None, LATELY), [Named(PART, 2, LATELY, firing=False)], None),  # by a source that has ended
        (Voice(1, None, NOW - HEARD), [Named(PART, 1, LATELY, firing=False)], None),  # by one that fell silent since
    ],
)
def test_a_part_is_heard_by_a_source_that_lives_and_tells_of_it(
    voice: Voice, named: list[Named], heard: dt.datetime | None
) -> None:
    assert heard_parts([voice], named, now=NOW).get(PART) == heard


FLOW, OTHER, MIDDLE, BASE = ("flow", 1), ("flow", 2), ("component", 3), ("component", 4)


@pytest.mark.parametrize(
    ("edges", "parts", "flows"),
    [
        ([Edge(FLOW, MIDDLE)], {3: LATELY}, {1: LATELY}),
        ([Edge(FLOW, MIDDLE), Edge(MIDDLE, BASE)], {4: LATELY}, {1: LATELY}),
        ([Edge(FLOW, MIDDLE, hard=False)], {3: LATELY}, {1: LATELY}),
        ([Edge(FLOW, MIDDLE, fallback="manual")], {3: LATELY}, {1: LATELY}),
        ([Edge(FLOW, MIDDLE, fallback="automatic")], {3: LATELY}, {}),  # ill, and the flow may be well
        ([Edge(FLOW, MIDDLE), Edge(OTHER, BASE)], {3: LATELY}, {1: LATELY}),  # the other one is not watched by it
        ([Edge(FLOW, MIDDLE), Edge(MIDDLE, BASE)], {3: NOW - 2 * DAY, 4: LATELY}, {1: LATELY}),  # the latest word
        ([Edge(FLOW, MIDDLE), Edge(MIDDLE, BASE), Edge(BASE, MIDDLE)], {4: LATELY}, {1: LATELY}),  # a circle
        ([Edge(FLOW, MIDDLE)], {}, {}),
        ([], {3: LATELY}, {}),
    ],
)
def test_a_flow_is_watched_through_what_it_needs(
    edges: list[Edge], parts: dict[int, dt.datetime], flows: dict[int, dt.datetime]
) -> None:
    assert heard_flows(parts, Net(edges)) == flows


@pytest.mark.django_db
def test_one_source_tells_only_of_what_it_named(
    source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    checkout = Flow.objects.get(slug="checkout").pk
    assert watched_flows(now=NOW) == {}
    send(source, alert("LedgerFull", job="ledger"))
    fold_inbox(now=NOW)
    with django_assert_num_queries(3):
        assert watched_flows(now=NOW + DAY) == {checkout: NOW}
    assert watched_flows(now=NOW + HEARD) == {}
    Source.objects.update(ended_at=NOW)
    assert watched_flows(now=NOW + DAY) == {}
