"""Whether an alert wakes somebody, and why: the reason is for people, the steps are how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstcall.kernel.say import mark as _

Verdict = Literal["page", "join", "digest"]


@dataclass(frozen=True, slots=True)
class Threat:
    """What a new alert threatens, by the map.

    `component` is the part it names, '' when the map knows none. `flow` is the most critical flow that needs it.
    `open_group`: a paging group is open for the same sick part or a part it hangs on; `open_title` is what it says.
    """

    severity: str
    component: str = ""
    flow: str = ""
    criticality: str = ""
    in_peak: bool = False
    open_group: bool = False
    open_title: str = ""
    unreadable: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """`reason` finishes 'Paged, because …' and its like as a whole sentence; `steps` lead there in order."""

    verdict: Verdict
    reason: str
    steps: tuple[str, ...]


def decide(threat: Threat) -> Decided:
    """The verdict on an alert that is new: a repeat is counted, never decided again."""
    steps = [_("It says {severity}.").format(severity=threat.severity)]
    if threat.unreadable:
        reason = _("Paged, because {source} sent something we could not read, and nobody can tell that it is harmless.")
        return Decided("page", reason.format(source=threat.source), tuple(steps))
    steps.append(
        _("The map knows it as {component}.").format(component=threat.component)
        if threat.component
        else _("The map does not know the part it names.")
    )
    if threat.open_group:
        reason = _("Joined '{title}': the same sick part, and somebody is on it.").format(title=threat.open_title)
        return Decided("join", reason, (*steps, _("A group that paged is open for it.")))
    if threat.flow:
        steps.append(
            _("{flow} needs it, and is {criticality}.").format(flow=threat.flow, criticality=threat.criticality)
        )
    return _by_flow(threat, tuple(steps))


def _by_flow(threat: Threat, steps: tuple[str, ...]) -> Decided:
    grave = threat.severity in ("critical", "error")
    if not threat.component:
        if threat.severity == "critical":
            return Decided(
                "page", _("Paged, because it says critical, and nothing on the map shows that it is harmless."), steps
            )
        return Decided("digest", _("Waits for the digest: nothing on the map needs what it names."), steps)
    if not threat.flow:
        reason = _("Waits for the digest: no flow needs {component}.").format(component=threat.component)
        return Decided("digest", reason, steps)
    if threat.criticality == "critical" and threat.severity != "info":
        words = (
            _("Paged, because {flow} is critical and this is its peak.")
            if threat.in_peak
            else _("Paged, because {flow} is critical.")
        )
        return Decided("page", words.format(flow=threat.flow), steps)
    if threat.criticality == "important" and grave:
        reason = _("Paged, because {flow} is important and the alert is grave.").format(flow=threat.flow)
        return Decided("page", reason, steps)
    reason = _("Waits for the digest: it touches {flow} only, and can wait for the morning.").format(flow=threat.flow)
    return Decided("digest", reason, steps)
