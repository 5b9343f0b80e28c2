"""Who wants news asks who speaks for the incident, once, and never an engineer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import accept_incident, open_incident
from firstcall.respond.commands.question import answer_question, ask_question
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.question import Question
from firstcall.respond.queries.question import open_questions
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


@pytest.fixture
def incident(cast: Cast) -> Incident:
    row = open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )
    by = actor_of(cast.ada)
    accept_incident(incident=row, by=by, now=NOW)
    take_role(incident=row, role="owner", user=cast.ada, by=by, now=NOW)
    take_role(incident=row, role="technical_lead", user=cast.ben, by=by, now=NOW)
    return row


def ask(cast: Cast, incident: Incident, text: str = "Since when?") -> Question:
    return ask_question(incident=incident, text=text, asked_by=cast.dana, by=actor_of(cast.dana), now=NOW)


def mail(question: Question) -> Parcel | Skip:
    prepare = JOB_KINDS["respond.answer_word"].prepare
    assert prepare is not None
    return prepare(Job.objects.get(key=f"answer:{question.pk}"), now=NOW + MINUTE)


def told() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="question.").order_by("id").values_list("kind", flat=True))


def test_asked_once_answered_once_by_mail(cast: Cast, incident: Incident) -> None:
    question = ask(cast, incident)
    with pytest.raises(Refused, match="waits already"):
        ask(cast, incident, "And now?")
    assert open_questions([incident.pk], viewer=cast.ada) == [question]
    answer_question(question=question, answer="Since 22:54.", by=actor_of(cast.ada), now=NOW + MINUTE)
    with pytest.raises(Refused, match="answered already"):
        answer_question(question=question, answer="Later.", by=actor_of(cast.ada), now=NOW + MINUTE)
    assert told() == ["question.asked", "question.answered"]
    said = mail(question)
    assert isinstance(said, Parcel)
    assert (said.to, said.text.splitlines()[:3]) == ("dana@example.com", ["> Since when?", "", "Since 22:54."])
    assert ask(cast, incident, "And now?").pk != question.pk


def test_without_words_nothing_is_kept(cast: Cast, incident: Incident) -> None:
    with pytest.raises(Refused, match="Write what you want to know"):
        ask(cast, incident, "  ")
    question = ask(cast, incident)
    with pytest.raises(Refused, match="Write the answer"):
        answer_question(question=question, answer=" ", by=actor_of(cast.ada), now=NOW)
    assert (told(), Question.objects.get().answer) == (["question.asked"], "")


def test_restricted_meanwhile_it_is_seen_and_sent_no_more(cast: Cast, incident: Incident) -> None:
    question = ask(cast, incident)
    answer_question(question=question, answer="Since 22:54.", by=actor_of(cast.ada), now=NOW + MINUTE)
    Incident.objects.update(restricted=True)
    assert mail(question) == Skip("it is no longer theirs to see")
    assert open_questions([incident.pk], viewer=cast.dana) == []


def test_it_reaches_the_owner_and_not_the_engineer(client: Client, cast: Cast, incident: Incident) -> None:
    room = f"/incidents/{incident.pk}/"
    client.force_login(cast.dana)
    assert "Ask a question" in client.get(room).content.decode()
    assert client.post(f"{room}questions/", {"text": " "}).status_code == 422
    client.post(f"{room}questions/", {"text": "How many customers?"})
    question = Question.objects.get()
    client.force_login(cast.ben)
    assert "How many customers?" not in client.get(room).content.decode()
    client.force_login(cast.ada)
    assert "Dana asks: How many customers?" in client.get(room).content.decode()
    assert "The engineers" not in client.get(f"{room}questions/{question.pk}/").content.decode()
    client.post(f"{room}questions/{question.pk}/", {"answer": "Two of three."})
    assert Question.objects.get().answer == "Two of three."
    assert "Two of three." in client.get(room).content.decode()
