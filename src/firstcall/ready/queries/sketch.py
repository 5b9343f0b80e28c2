"""What a prepared company still does not know, each as the night it is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.provider import Provider


@dataclass(frozen=True, slots=True)
class Question:
    """`night` says what it is for; the answer is given at `url`."""

    night: str
    url: str


def open_questions() -> list[Question]:
    """Whom to ring at a provider, who owns a critical flow, what an hour costs, what to say, a way round.

    The gravest first. Two statements.
    """
    found: list[Question] = []
    for provider in Provider.objects.filter(phone="", support_contact="", origin=""):
        night = _("For the night {name} is down: whom do you ring there?").format(name=provider.name)
        found.append(Question(night, reverse("provider", args=[provider.slug])))
    for flow in Flow.objects.filter(criticality=Criticality.CRITICAL, origin=""):
        asked = {
            ("owner", _("For the night {name} stops: whose is it to decide?")): flow.owner_id is None,
            ("cost_per_hour", _("For the night {name} stops: what does an hour cost?")): flow.cost_per_hour is None,
            ("workaround", _("For the night {name} stops: is there a way round it?")): not flow.workaround,
            ("words_customers", _("For the night {name} stops: what do you tell customers?")): not flow.words_customers,
        }
        url = reverse("flow_edit", args=[flow.slug])
        found += [
            Question(night.format(name=flow.name), f"{url}#id_{field}")
            for (field, night), is_open in asked.items()
            if is_open
        ]
    return found
