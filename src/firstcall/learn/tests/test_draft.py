"""The first draft of a postmortem."""

from __future__ import annotations

from firstcall.learn.rules.draft import Row, Story, draft_story, questions

ROWS = [
    Row("22:56", "Alert: Card payments fail", "group.paged"),
    Row("22:58", "Ben has it", "page.acknowledged"),
    Row("22:59", "Machine detail", "job.retried"),
]


def test_the_draft_says_what_is_recorded_and_asks_for_the_rest() -> None:
    text = draft_story(Story("Card payments fail", "Checkout", "22:54 CET", 36, "", "", ROWS))
    assert "Card payments fail. It began at 22:54 CET and lasted 36 minutes." in text
    assert "22:58  Ben has it" in text
    assert "Machine detail" not in text
    assert "Not known yet: why did it break" in text


def test_the_facts_ask_their_questions() -> None:
    asked = questions(ROWS, report_first=False)
    assert any("No decision is on the record" in question for question in asked)
    assert not any("Nobody acknowledged" in question for question in asked)
    assert not any("A customer told us" in question for question in asked)
    late = questions(ROWS, report_first=True)
    assert late[0].startswith("A customer told us before any alert did.")
