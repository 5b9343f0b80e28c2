"""What the table would say of how bad it is, from the facts at hand. Only a person changes a severity."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from firstcall.detect.models.alert import Alert
from firstcall.detect.queries.map import in_peak
from firstcall.detect.rules.symptom import HARMS, STOPS, SYMPTOMS
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.severity import Hurt, propose
from firstcall.respond.models.incident import Incident


def hurt_of(flow: Flow | None, *, stopped: bool | None, data_harmed: bool = False, now: dt.datetime) -> Hurt:
    """What is known of the harm, by the register of flows. One statement at most."""
    if flow is None:
        return Hurt(stopped=stopped, data_harmed=data_harmed)
    return Hurt(
        criticality=flow.criticality,
        stopped=stopped,
        for_many=True if in_peak(flow, now=now, zone=settings.ENV["FIRSTCALL_ZONE"]) else None,
        workaround=bool(flow.workaround),
        data_harmed=data_harmed,
    )


def proposed_anew(incident: Incident, *, now: dt.datetime) -> tuple[int, str] | None:
    """The severity and its reason once a flow is known that was not when it was last said how bad it is.

    None while there is no such flow, or when the table says the same. Two statements at most.
    """
    if incident.flow_id == incident.severity_flow_id or incident.flow is None:
        return None
    alerts = Alert.objects.filter(group__incident=incident.pk, severity="critical")
    stopped = incident.symptom in [SYMPTOMS[key] for key in STOPS] or alerts.exists()
    hurt = hurt_of(
        incident.flow, stopped=True if stopped else None, data_harmed=incident.symptom == SYMPTOMS[HARMS], now=now
    )
    severity, why = propose(hurt)
    return None if severity == incident.severity else (severity, why)
