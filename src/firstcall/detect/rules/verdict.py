"""What becomes of an alert, and why: the reason is for people, the steps are how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _

Verdict = Literal["page", "join", "digest", "drop"]
GRAVE = ("critical", "error")

SEVERITY_WORDS = {
    "critical": _("critical"),
    "error": _("an error"),
    "warning": _("a warning"),
    "info": _("for your information"),
    "none": _("nothing wrong"),
}
CRITICALITY_WORDS = {"critical": _("critical"), "important": _("important"), "minor": _("minor")}


@dataclass(frozen=True, slots=True)
class Threat:
    """What a new alert threatens, by the map.

    `component` is the part it names, '' when the map knows none. `flow` is the most critical flow that needs it, ''
    when none does; `peak` says whether this is its peak hour, None when it has no peak. `sick` is the title of an open
    group that paged for the same part or for one it fails with, `sick_part` the name of that part; `over` that of one
    which fires although its incident was said to be over. `unreadable`: nobody could read what `source` sent.
    """

    source: str
    severity: str
    component: str = ""
    flow: str = ""
    criticality: str = ""
    peak: bool | None = None
    sick: str = ""
    sick_part: str = ""
    unreadable: bool = False
    over: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """`reason` is a whole sentence; `steps` lead there in order."""

    verdict: Verdict
    reason: Say
    steps: tuple[Say, ...]


def decide(threat: Threat) -> Decided:
    """The verdict on an alert that is new: a repeat is counted, never decided again."""
    steps = tuple(_steps(threat))
    if threat.severity == "none" and not threat.unreadable:
        return Decided(
            "drop", say(_("Dropped: {source} itself says that nothing is wrong."), source=threat.source), steps
        )
    if threat.sick:
        return Decided("join", _why_joined(threat), steps)
    verdict, reason = _alone(threat)
    return Decided(verdict, reason, steps)


def _steps(threat: Threat) -> list[Say]:
    if threat.unreadable:
        steps = [say(_("{source} sent something we could not read."), source=threat.source)]
    else:
        word = Term(SEVERITY_WORDS[threat.severity])
        steps = [say(_("{source} says: {severity}."), source=threat.source, severity=word)]
        if not threat.component:
            steps.append(say(_("The map does not know the part it names.")))
        else:
            steps.append(say(_("The map knows the part it names: {component}."), component=threat.component))
            steps += _flow_steps(threat)
    if threat.sick:
        steps.append(say(_("'{title}' has paged already and is still open."), title=threat.sick))
    elif threat.over:
        steps.append(say(_("'{title}' was said to be over: what is new is judged anew."), title=threat.over))
    return steps


def _flow_steps(threat: Threat) -> list[Say]:
    if not threat.flow:
        return [say(_("No flow needs {component}."), component=threat.component)]
    word = Term(CRITICALITY_WORDS[threat.criticality])
    steps = [say(_("{flow} needs it, and is {criticality}."), flow=threat.flow, criticality=word)]
    if threat.peak is not None:
        steps.append(
            say(_("This is a peak hour of {flow}."), flow=threat.flow)
            if threat.peak
            else say(_("This is no peak hour of {flow}."), flow=threat.flow)
        )
    return steps


def _why_joined(threat: Threat) -> Say:
    if threat.unreadable:
        return say(_("Joined '{title}': the same source still sends what we could not read."), title=threat.sick)
    if threat.sick_part and threat.sick_part != threat.component:
        return say(
            _("Joined '{title}': {component} fails together with {part}, and that has paged already."),
            title=threat.sick,
            component=threat.component,
            part=threat.sick_part,
        )
    return say(_("Joined '{title}': the same sick part, and that has paged already."), title=threat.sick)


def _alone(threat: Threat) -> tuple[Verdict, Say]:
    """Nothing is open for it: by itself."""
    if threat.unreadable:
        return "page", say(
            _("Paged, because {source} sent something we could not read, and nobody can tell that it is harmless."),
            source=threat.source,
        )
    if not threat.component:
        if threat.severity == "critical":
            return "page", say(_("Paged, because it is critical, and nothing on the map shows that it is harmless."))
        return "digest", say(_("Waits for the digest: nothing on the map needs what it names."))
    if not threat.flow:
        return "digest", say(_("Waits for the digest: no flow needs {component}."), component=threat.component)
    return _by_flow(threat)


def _by_flow(threat: Threat) -> tuple[Verdict, Say]:
    flow = threat.flow
    if threat.criticality == "critical":
        if threat.severity in GRAVE or (threat.severity == "warning" and threat.peak is not False):
            words = _("Paged, because {flow} is critical.")
            if threat.peak:
                words = _("Paged, because {flow} is critical and this is its peak.")
            return "page", say(words, flow=flow)
        if threat.severity == "warning":
            words = _("Waits for the digest: a warning, and {flow} is not in its peak.")
            return "digest", say(words, flow=flow)
    if threat.criticality == "important" and threat.severity in GRAVE:
        return "page", say(_("Paged, because {flow} is important and the alert is grave."), flow=flow)
    if threat.severity == "info":
        return "digest", say(_("Waits for the digest: it says that it is only for your information."))
    return "digest", say(_("Waits for the digest: it touches {flow} only, nothing else is wrong."), flow=flow)
