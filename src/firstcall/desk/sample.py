"""The sample company over all phases: what ready prepares, a status page, people who play, and what was played."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.desk.afternoon import prepare_afternoon
from firstcall.detect.commands.source import end_source
from firstcall.detect.models.source import Source
from firstcall.inform.commands.status_page import make_page
from firstcall.inform.models.status_page import StatusPage
from firstcall.kernel.actor import Actor
from firstcall.people.commands.person import close_account
from firstcall.people.models.user import Access, User
from firstcall.people.queries.visibility import visible
from firstcall.ready.commands.sample import load_sample, remove_sample
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.sample import leaning_on_it, sample_parts
from firstcall.respond.commands.practice import count_as_practice
from firstcall.respond.models.incident import Incident

NAME = "Tillhouse"
SOURCE = "Evening"  # where the played alerts come from
CAST = (("Ben", Access.RESPONDER), ("Cleo", Access.SUPPORT), ("Dana", Access.STAKEHOLDER))


def load_company(*, by: Actor, now: dt.datetime, people: list[User]) -> None:
    """Everything of the sample company, with `people` on call: who is alone takes turns with those who only play.

    Raises Refused when it is there already.
    """
    with transaction.atomic():
        players = {name: sample_person(name=name, access=access, zone=people[0].zone) for name, access in CAST}
        beside = [] if len(people) > 1 else [players["Ben"], players["Dana"]]
        load_sample(by=by, now=now, people=[*people, *beside])
        prepare_afternoon(owner=people[0], players=players, by=by, now=now)
        if not StatusPage.objects.filter(slug="tillhouse").exists():
            parts = [(flow.name, flow) for flow in flows_by_criticality() if flow.sample]
            page = make_page(name=NAME, parts=parts, by=by, now=now)
            StatusPage.objects.filter(pk=page.pk).update(sample=True)


def sample_person(*, name: str, access: str, zone: str) -> User:
    """Somebody of the sample company, without a password: they play, they do not sign in."""
    email = f"{name.lower()}@tillhouse.example"
    person = User.objects.filter(email=email).first()
    if person is None:
        return User.objects.create(
            username=email, email=email, name=name, access=access, zone=zone, password=make_password(None), sample=True
        )
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    return person


def remove_company(*, by: Actor, now: dt.datetime) -> None:
    """Take it all away again. What was played stays as practice. Raises Refused while a played incident is open."""
    with transaction.atomic():
        count_as_practice(flows=_flows(), by=by, now=now)
        for source in Source.objects.filter(name=SOURCE, ended_at=None):
            end_source(source=source, by=by, now=now)
        StatusPage.objects.filter(sample=True).delete()
        remove_sample(by=by, now=now)
        for person in User.objects.filter(sample=True, is_active=True).order_by("pk"):
            close_account(person=person, by=by, now=now)


def _flows() -> list[int]:
    return list(Flow.objects.filter(sample=True).order_by().values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes with the sample company, by kind and name, and what was played and stays; `leaning` is what was made
    by hand and leans on it: its name, and what it loses."""

    goes: list[tuple[str, list[str]]]
    played: list[Incident]
    leaning: list[tuple[str, str]]

    @property
    def still_open(self) -> list[Incident]:
        """What has to be resolved first."""
        return [one for one in self.played if one.is_open]


def leaving(viewer: User) -> Leaving:
    """Before it goes. Fourteen statements at most."""
    pages = [page.name for page in StatusPage.objects.filter(sample=True)]
    people = [person.name for person in User.objects.filter(sample=True, is_active=True).order_by("name")]
    goes = sample_parts()
    goes += [(_("Status pages"), pages)] if pages else []
    goes += [(_("People who only play: their accounts are closed"), people)] if people else []
    rows = Incident.objects.filter(flow__sample=True, practice=False).order_by("-pk")
    return Leaving(goes, list(visible(rows, viewer=viewer)), leaning_on_it())
