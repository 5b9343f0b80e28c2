"""What the sample company prepared beside its map on a quiet afternoon: teams, roles, lanes, changes, a game day.

By the commands people give. What a person has to say themselves is said by those who only play; what would be asked of
a real one stays open, as it would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from firstcall.kernel.actor import Actor
from firstcall.people.commands.team import set_team
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.change import note_change, set_release_window
from firstcall.ready.commands.component import add_dependency
from firstcall.ready.commands.customer import set_contact
from firstcall.ready.commands.drill import plan_drill
from firstcall.ready.commands.duty import accept_duty, set_duty
from firstcall.ready.commands.flow import change_flow
from firstcall.ready.commands.lane import add_lane
from firstcall.ready.commands.part import change_part
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Fallback
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import LaneKind
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider

TEAMS = {"Tillhouse Payments": ("Ben",), "Tillhouse Shops": ("Cleo", "Dana")}
OF_TEAM = {"Checkout": "Tillhouse Payments", "Payouts": "Tillhouse Payments", "Sign in": "Tillhouse Shops"}
ROLES = (
    ("technical_lead", "Ben", None), ("communications_lead", "Dana", "Cleo"), ("support_liaison", "Cleo", "Dana"),
    ("leadership_liaison", "Dana", None),
)  # fmt: skip


def prepare_afternoon(*, owner: User, players: Mapping[str, User], by: Actor, now: dt.datetime) -> None:
    """Within the transaction that loads the company. `players` by name: Ben, Cleo and Dana of the sample."""
    _teams(players, by=by, now=now)
    _roles(owner, players, by=by, now=now)
    path = EscalationPath.objects.get(sample=True)
    add_lane(path=path, kind=LaneKind.LEADERSHIP, target=players["Dana"], severity=1, by=by, now=now)
    add_lane(path=path, kind=LaneKind.SUPPORT, target=players["Cleo"], severity=2, after_minutes=5, by=by, now=now)
    _third_party(by=by, now=now)
    _changes(owner, by=by, now=now)
    union = Customer.objects.get(sample=True, name="Bakery Union")
    set_contact(customer=union, name=_("The owner"), role=_("rings first"), phone=union.phone, by=by, now=now)
    plan_drill(
        flow=Flow.objects.get(sample=True, name="Checkout"), day=now.date() + dt.timedelta(days=12), leader=owner,
        pretend=_("CardGate's route EU-1 declines everything"), by=by, now=now,
    )  # fmt: skip


def _teams(players: Mapping[str, User], *, by: Actor, now: dt.datetime) -> None:
    teams = {
        name: set_team(name=name, members=[players[one] for one in who], by=by, now=now) for name, who in TEAMS.items()
    }
    Team.objects.filter(pk__in=[team.pk for team in teams.values()]).update(sample=True)
    for name, team in OF_TEAM.items():
        change_flow(flow=Flow.objects.get(sample=True, name=name), team=teams[team], by=by, now=now)


def _roles(owner: User, players: Mapping[str, User], *, by: Actor, now: dt.datetime) -> None:
    set_duty(role="owner", holder=owner, by=by, now=now, sample=True)
    for role, name, deputy in ROLES:
        holder, second = players[name], players[deputy] if deputy else None
        duty = set_duty(role=role, holder=holder, deputy=second, by=by, now=now, sample=True)
        for person in filter(None, (holder, second)):
            accept_duty(duty=duty, person=person, by=actor_of(person), now=now)


def _third_party(*, by: Actor, now: dt.datetime) -> None:
    cardgate = Provider.objects.get(sample=True, name="CardGate")
    change_part(part=cardgate, contract="4471", without=_("No card is taken in 220 shops."), by=by, now=now)
    add_dependency(
        needs=Component.objects.get(sample=True, name="Payments"), needed=cardgate, fallback=Fallback.MANUAL,
        how=_("Switch to CardGate's route EU-2."), tested=now.date() - dt.timedelta(days=30), by=by, now=now,
    )  # fmt: skip


def _changes(owner: User, *, by: Actor, now: dt.datetime) -> None:
    payments = Component.objects.get(sample=True, name="Payments")
    set_release_window(
        days="1234", starts=dt.time(10), ends=dt.time(16), zone=owner.zone, component=payments, by=by, now=now
    )
    day = dt.timedelta(days=1)
    note_change(title=_("Payments 4.1"), at=now - 2 * day, component=payments, by=by, now=now)
    ledger = Component.objects.get(sample=True, name="Ledger")
    note_change(title=_("Ledger moves to the new database"), at=now + 5 * day, component=ledger, by=by, now=now)
