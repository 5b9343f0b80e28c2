"""Drafting a postmortem, adding findings, closing its review."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest
from firstcall.kernel.refusal import Refused
from firstcall.learn.events import DRAFTED, FINDING_ADDED, REVIEWED, STORY_CHANGED
from firstcall.learn.models.postmortem import Finding, Klass, Postmortem, PostmortemState
from firstcall.learn.queries.incident import story_of
from firstcall.learn.rules.draft import draft_story, unwritten
from firstcall.respond.models.incident import Incident, State


def draft_postmortem(*, incident: Incident, by: Actor, now: dt.datetime) -> Postmortem:
    """The first draft from the timeline, or the one begun already. Raises Refused while the incident is open."""
    known = Incident.objects.select_related("flow").get(pk=incident.pk)
    zone = organisation_zone()
    story = draft_story(story_of(known, zone=zone, now=now))  # outside the transaction: reading takes its time
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        if row.state not in (State.RESOLVED, State.CLOSED):
            raise Refused(_("First let it be over: a postmortem begins when the incident is resolved."))
        there = Postmortem.objects.filter(incident=row).first()
        if there is not None:
            return there
        postmortem = Postmortem.objects.create(incident=row, story=story, drafted_at=now)
        record(DRAFTED, by=by, now=now, subject=f"postmortem:{postmortem.pk}", incident=row.pk)
    return postmortem


def story_mark(story: str) -> str:
    """What tells one state of the story from another, however a browser writes its line ends."""
    return digest("\n".join(story.split("\r\n")).strip())


def change_story(*, postmortem: Postmortem, story: str, by: Actor, now: dt.datetime, was: str = "") -> None:
    """New words. `was` is the mark of the story the writer saw; '' when nobody looked.

    Raises Refused for none, and when somebody else has changed it meanwhile.
    """
    story = "\n".join(story.split("\r\n")).strip()
    if not story:
        raise Refused(_("The story can't be empty."), field="story")
    with transaction.atomic():
        stored = Postmortem.objects.select_for_update().get(pk=postmortem.pk)
        if was and was != story_mark(stored.story):
            raise Refused(
                _("Somebody changed the story while you wrote. Theirs stands below: take over what you miss."),
                field="story",
            )
        postmortem.story = story
        postmortem.save(update_fields=["story"])
        record(STORY_CHANGED, by=by, now=now, subject=f"postmortem:{postmortem.pk}", incident=postmortem.incident_id)


def add_finding(*, postmortem: Postmortem, text: str, klass: str, means: str, by: Actor, now: dt.datetime) -> Finding:
    """A finding with its answer to 'what does this mean for what we build?'. Raises Refused without either."""
    if not text.strip():
        raise Refused(_("Write what was found."), field="text")
    if klass not in Klass.values:
        raise Refused(_("Choose where it belongs."), field="klass")
    if not means.strip():
        raise Refused(_("Say what this means for what we build. 'Nothing, because…' is an answer."), field="means")
    with transaction.atomic():
        row = Finding.objects.create(postmortem=postmortem, text=text.strip(), klass=klass, means=means.strip())
        record(
            FINDING_ADDED, by=by, now=now, subject=f"finding:{row.pk}", incident=postmortem.incident_id, text=row.text
        )
    return row


def close_review(*, postmortem: Postmortem, by: Actor, now: dt.datetime) -> None:
    """The review is done. Raises Refused while a part is still to be written, or a finding has no action."""
    gap = unwritten(postmortem.story)
    if gap:
        raise Refused(_("The story still says ‘%(gap)s’ Write it, or take it out, first.") % {"gap": gap})
    bare = [f for f in postmortem.findings.exclude(klass=Klass.NONE) if not f.actions.exists()]
    if bare:
        raise Refused(_("“%(text)s” has no action yet: who does what, until when?") % {"text": bare[0].text[:120]})
    with transaction.atomic():
        postmortem.state, postmortem.reviewed_at = PostmortemState.REVIEWED, now
        postmortem.save(update_fields=["state", "reviewed_at"])
        record(REVIEWED, by=by, now=now, subject=f"postmortem:{postmortem.pk}", incident=postmortem.incident_id)
