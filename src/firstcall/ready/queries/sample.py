"""What of the prepared company is the sample's."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.team import Team
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.duty import Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.rules.severity_rule import ROLES

Sample = Customer | Duty | Flow | Component | Provider | EscalationPath | Schedule | Team
# In the order in which they can be taken away; with each goes what hangs on it.
SAMPLES: tuple[tuple[type[Sample], object], ...] = (
    (Customer, _("Customers")),
    (Duty, _("Roles named beforehand")),
    (Flow, _("Flows")),
    (Component, _("Parts of ours")),
    (Provider, _("Third parties")),
    (EscalationPath, _("Escalation paths")),
    (Schedule, _("Schedules")),
    (Team, _("Teams")),
)


def is_loaded() -> bool:
    """Whether the sample company is there. One statement."""
    return Flow.objects.filter(sample=True).exists()


def sample_parts() -> list[tuple[str, list[str]]]:
    """Each kind of thing with the names of the sample's. Eight statements."""
    found = []
    for model, label in SAMPLES:
        names = [_name(row) for row in model._default_manager.filter(sample=True)]
        if names:
            found.append((str(label), names))
    return found


def _name(row: Sample) -> str:
    return gettext(ROLES[row.role]) if isinstance(row, Duty) else str(row)


def leaning_on_it() -> list[tuple[str, str]]:
    """What was made by hand and leans on the sample: its name, and what it loses. Three statements."""
    flows = Flow.objects.filter(sample=False, path__sample=True).values_list("name", "path__name")
    steps = EscalationStep.objects.filter(path__sample=False, schedule__sample=True)
    mine, theirs = Q(flow__sample=False) | Q(from_component__sample=False), Q(component__sample=True)
    edges = Dependency.objects.filter(mine, theirs | Q(provider__sample=True)).order_by("pk")
    drawn = edges.values_list("flow__name", "from_component__name", "component__name", "provider__name")
    return [
        *flows, *steps.values_list("path__name", "schedule__name"),
        *((flow or part, needed or provider) for flow, part, needed, provider in drawn),
    ]  # fmt: skip
