"""The Friday evening: a sample company whose checkout breaks, played on a running instance, scene by scene.

Every scene is a command that people or tools give in earnest; nothing is drawn by hand. It opens with the customer's
call, because that is how it goes when nobody was watching.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firstcall.desk.sample import CAST, SOURCE, load_company, sample_person
from firstcall.detect.commands.report import file_report
from firstcall.detect.commands.source import make_source
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.update import Audience
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.learn.commands.postmortem import draft_postmortem
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.decision import Option, decide, open_decision
from firstcall.respond.commands.escalation import acknowledge, start_escalation
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.need import ask_need, meet_need
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for

ALERTS = (("CardErrors", "34 of 100 card payments fail"), ("CardSlow", "Card payments take long"))


@dataclass(frozen=True, slots=True)
class Scene:
    """When it happens in the story, what is said to who watches, how many seconds to let it sink in, what happens."""

    at: str
    words: str
    seconds: float
    happen: Callable[[dt.datetime], None]


class Evening:
    """One play. Raises Refused when nobody has an account yet."""

    def __init__(self, *, now: dt.datetime) -> None:
        ada = User.objects.filter(access=Access.ADMIN, is_active=True).order_by("pk").first()
        if ada is None:
            raise Refused("Make the first account first: `make up` prints the link.")
        self.ada = ada
        self.others = {name: sample_person(name=name, access=access, zone=ada.zone) for name, access in CAST}
        if not Flow.objects.filter(sample=True).exists():
            load_company(by=actor_of(ada), now=now, people=[ada])
        self.flow = Flow.objects.get(sample=True, slug__startswith="checkout")
        self.source = (
            Source.objects.filter(name=SOURCE, ended_at=None).first()
            or make_source(name=SOURCE, kind="alertmanager", by=actor_of(ada), now=now)[0]
        )
        self.broke_at = now - dt.timedelta(minutes=8)
        self.incident: Incident | None = None

    def scenes(self) -> Iterator[Scene]:
        """The evening in order."""
        yield Scene("23:02", "The telephone rings: Bakery Union can't take money. Cleo writes it down.", 8, self.call)
        yield Scene("23:03", "Ada declares an incident. Open its room and keep it open.", 12, self.declare)
        yield Scene("23:04", "The alerts come in too, and join: nobody is woken twice.", 10, self.alerts)
        yield Scene("23:05", "The page is answered: somebody has it.", 8, self.answer)
        yield Scene("23:06", "Ada leads, Cleo speaks to support, Dana hears for leadership.", 10, self.roles)
        yield Scene("23:08", "The first word goes out, in four voices. Look at the status page.", 14, self.first_word)
        yield Scene("23:11", "Ben needs production read access. The room keeps the clock.", 12, self.need)
        yield Scene("23:14", "Dana gives it.", 8, self.met)
        yield Scene("23:18", "Switch to the second route, or wait? It is decided, with its reason.", 12, self.decision)
        yield Scene(
            "23:25", "It came from CardGate's second route. The repair holds, and is said.", 10, self.identified
        )
        yield Scene("23:40", "It works again, and everybody who heard that it fails is told so.", 12, self.resolved)
        yield Scene("23:50", "The postmortem begins with what the timeline knows.", 2, self.learn)

    def room(self) -> Incident:
        """The incident as it stands."""
        assert self.incident is not None
        self.incident = incident_for(viewer=self.ada, number=self.incident.pk)
        return self.incident

    def by(self, name: str) -> Actor:
        return actor_of(self.others[name])

    def call(self, now: dt.datetime) -> None:
        file_report(
            customer=Customer.objects.filter(name="Bakery Union").first(), flow=self.flow, symptom="transactions",
            since=self.broke_at + dt.timedelta(minutes=4), seen="Card payments are declined at both tills.",
            stands_still="Taking money", error="CG-504", who="The owner of Bakery Union", by=self.by("Cleo"), now=now,
        )  # fmt: skip

    def declare(self, now: dt.datetime) -> None:
        self.incident = open_incident(
            title="Card payments fail at Checkout", flow=self.flow, severity=1, symptom="Transactions fail",
            impact_started_at=self.broke_at, by=actor_of(self.ada), now=now, error="CG-504",
            said_by="Bakery Union, by telephone", severity_reason="card payments stop in a peak hour", accepted=True,
        )  # fmt: skip
        start_escalation(incident=self.incident, by=actor_of(self.ada), now=now)

    def alerts(self, now: dt.datetime) -> None:
        self.heard("firing", now)

    def heard(self, status: str, now: dt.datetime) -> None:
        """What the company's monitoring says of its alerts, through the inbox like any other."""
        alerts = [
            {
                "status": status, "startsAt": (self.broke_at + dt.timedelta(minutes=2)).isoformat(),
                "labels": {"alertname": name, "severity": "critical", "component": "payments"},
                "annotations": {"summary": summary, "description": "CG-504 authorisation timed out"},
            }
            for name, summary in ALERTS
        ]  # fmt: skip
        body = json.dumps({"version": "4", "alerts": alerts}).encode()
        Inbox.objects.create(source=self.source, kind=self.source.kind, received_at=now, body=zlib.compress(body))

    @property
    def heard_all(self) -> bool:
        """Whether all that the monitoring sent is folded into alerts."""
        return not Inbox.objects.filter(source=self.source, state=InboxState.NEW).exists()

    def answer(self, now: dt.datetime) -> None:
        escalations = self.room().escalations.all()
        page = next((page for one in escalations for page in one.pages.filter(answer="").order_by("pk")), None)
        if page is not None:
            acknowledge(page=page, by=actor_of(page.user), now=now)

    def roles(self, now: dt.datetime) -> None:
        wanted = (("owner", self.ada), ("technical_lead", self.others["Ben"]), ("support_liaison", self.others["Cleo"]),
                  ("leadership_liaison", self.others["Dana"]))  # fmt: skip
        for role, user in wanted:
            take_role(incident=self.room(), role=role, user=user, by=actor_of(self.ada), now=now)

    def say(self, texts: dict[str, str], now: dt.datetime, *, minutes: int | None) -> None:
        incident = self.room()
        last = incident.updates.order_by("-number").first()
        due = None if minutes is None else now + dt.timedelta(minutes=minutes)
        publish_update(
            incident=incident, texts=texts, seen=last.number if last else 0, next_due=dict.fromkeys(texts, due),
            by=actor_of(self.ada), now=now,
        )  # fmt: skip

    def first_word(self, now: dt.datetime) -> None:
        self.say(
            {
                Audience.PUBLIC: "Card payments at checkout are failing for some shops. Our team is working on it. "
                "Paying by bank transfer works.",
                Audience.SUPPORT: "Card payments fail at checkout. Bank transfer works. Please do not say when "
                "cards will work again.",
                Audience.LEADERSHIP: "SEV1: card payments fail at Checkout. Ben looks for the cause, Ada leads.",
                Audience.INSIDE: "Ben leads the repair. Questions go to Ada.",
            },
            now,
            minutes=20,
        )

    def need(self, now: dt.datetime) -> None:
        ask_need(
            incident=self.room(), what="production read access for Ben", asked_by=self.others["Ben"],
            with_whom=self.others["Dana"], by=self.by("Ben"), now=now,
        )  # fmt: skip

    def met(self, now: dt.datetime) -> None:
        need = self.room().needs.filter(met_at=None).first()
        if need is not None:
            meet_need(need=need, by=self.by("Dana"), now=now)

    def decision(self, now: dt.datetime) -> None:
        options: list[Option] = [
            {"title": "Take checkout to route EU-1", "users": "Cards work again for everybody", "data": "none at risk",
             "say": "Cards work again; some payments show up late"},
            {"title": "Wait for CardGate", "users": "They keep waiting", "data": "none at risk",
             "say": "We still do not know when"},
        ]  # fmt: skip
        opened = open_decision(
            incident=self.room(), question="Take checkout to route EU-1?", options=options,
            opened_by=self.others["Ben"], by=self.by("Ben"), now=now,
        )  # fmt: skip
        decide(
            decision=opened, chosen=0, why="No data is at risk, and customers stand still.", decided_by=self.ada,
            by=actor_of(self.ada), now=now,
        )  # fmt: skip

    def identified(self, now: dt.datetime) -> None:
        for state, reason in (("identified", "CardGate's route EU-2"), ("monitoring", "checkout runs over EU-1")):
            change_state(incident=self.room(), state=state, by=self.by("Ben"), now=now, reason=reason)
        self.say(
            {
                Audience.PUBLIC: "A repair for card payments is in place, and we are watching that it holds.",
                Audience.SUPPORT: "A repair is in place. Please tell us of anybody whose cards still fail.",
            },
            now,
            minutes=20,
        )
        self.heard("resolved", now)

    def resolved(self, now: dt.datetime) -> None:
        change_state(incident=self.room(), state="resolved", by=actor_of(self.ada), now=now, reason="clean for a while")
        self.say(
            {
                Audience.PUBLIC: "Card payments work again for everybody. We are sorry for the evening.",
                Audience.SUPPORT: "Card payments work again. Please tell us of anybody for whom they do not.",
                Audience.LEADERSHIP: "SEV1 is over: card payments work again. Ada writes down what it means.",
                Audience.INSIDE: "It is over. Thank you. Sleep first; the postmortem can wait until the morning.",
            },
            now,
            minutes=None,
        )

    def learn(self, now: dt.datetime) -> None:
        draft_postmortem(incident=self.room(), by=actor_of(self.ada), now=now)
