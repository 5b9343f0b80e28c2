"""The life line keeps its labels apart and its spans true."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from firstcall.respond.queries.lifeline import CHAR, LEFT, RIGHT, WIDTH, Moment, lay_out, spans_of

START = dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


FRIDAY = [
    Moment("impact", at(0), "Impact"),
    Moment("alert", at(2), "Alert"),
    Moment("page", at(2), "Page"),
    Moment("has_it", at(4), "Ben"),
    Moment("report", at(5), "Report"),
    Moment("public", at(11), "Public"),
]


def test_friday_is_told_in_four_spans() -> None:
    assert [(span.label, span.minutes) for span in spans_of(FRIDAY)] == [
        ("impact to first alert", 2),
        ("page to ‘I have it’", 2),
        ("alert before first report", 3),
        ("impact to first public word", 11),
    ]


def test_what_is_missing_is_left_out_and_a_customer_who_was_first_is_said_so() -> None:
    moments = [Moment("report", at(0), "Report"), Moment("alert", at(3), "Alert")]
    assert [(span.label, span.minutes) for span in spans_of(moments)] == [("report before first alert", 3)]
    assert spans_of([]) == []
    assert lay_out([], end=at(1), times=[]) == []


@given(st.lists(st.integers(0, 600), min_size=1, max_size=9))
def test_labels_never_touch_and_marks_keep_their_order(minutes: list[int]) -> None:
    moments = [Moment("x", at(minute), "Something") for minute in sorted(minutes)]
    marks = lay_out(moments, end=at(600), times=["22:54"] * len(moments))
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)
    assert all(LEFT <= mark.x <= RIGHT for mark in marks)
    half = CHAR * len("Something 22:54") / 2
    for level in {mark.y for mark in marks if mark.y is not None}:
        places = [mark.anchor for mark in marks if mark.y == level]
        assert all(half - 0.1 <= place <= WIDTH - half + 0.1 for place in places)
        assert all(second - first >= 2 * half for first, second in itertools.pairwise(places))
