"""Asking what is going on without asking an engineer, and answering."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.question import Question

WORD = "respond.answer_word"


def ask_question(*, incident: Incident, text: str, asked_by: User, by: Actor, now: dt.datetime) -> Question:
    """Queue a question for whoever speaks for the incident.

    Raises Refused without words, and while an earlier question of the same person waits: once is enough.
    """
    text = " ".join(text.split())
    if not text:
        raise Refused(_("Write what you want to know."), field="text")
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        if row.questions.filter(asked_by=asked_by, answered_at=None).exists():
            raise Refused(_("Your question waits already. You get the answer by mail."), field="text")
        question = Question.objects.create(incident=row, text=text[:300], asked_by=asked_by, asked_at=now)
        record(
            events.QUESTION_ASKED, by=by, now=now, subject=f"question:{question.pk}", incident=row.pk,
            quote=question.text,
        )  # fmt: skip
    return question


def answer_question(*, question: Question, answer: str, by: Actor, now: dt.datetime) -> Question:
    """Answer it, once: who asked gets the words by mail. Raises Refused without words or when it was answered."""
    answer = answer.strip()
    if not answer:
        raise Refused(_("Write the answer. ‘Not known yet’ is one, with the time of the next word."), field="answer")
    with transaction.atomic():
        row = Question.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=question.pk)
        if row.answered_at is not None:
            raise Refused(_("It was answered already."))
        row.answer, row.answered_by_id, row.answered_at = answer[:2000], by.id, now
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        record(
            events.QUESTION_ANSWERED, by=by, now=now, subject=f"question:{row.pk}", incident=row.incident_id,
            user=row.asked_by.name, quote=row.answer,
        )  # fmt: skip
        plan_job(WORD, key=f"answer:{row.pk}", now=now, payload={"question": row.pk}, subject=f"question:{row.pk}")
    return row
