"""Changing the severity table: what is wrong with a new row, and what it would change, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple
from hashlib import sha256

from firstcall.kernel.say import Count, Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.severity import ALL_ROLES, SeverityFacts

DAY = 24 * 60
MOST_HOURS = 30 * 24
ROLES = {
    "owner": _("incident owner"),
    "technical_lead": _("technical lead"),
    "communications_lead": _("communications lead"),
    "support_liaison": _("support liaison"),
    "leadership_liaison": _("leadership liaison"),
}
# Promised minutes: what is promised, to whom.
PROMISES = {
    "first_inside": _("the first word inside and to support"),
    "first_public": _("the first public word"),
    "next_inside": _("the next word inside and to support"),
    "next_public": _("the next public word"),
    "look_in": _("a look-in with the engineers"),
}
TONES = {"grave": _("grave"), "serious": _("serious"), "plain": _("plain")}
AFTER = {
    "required": _("After SEV{n} a postmortem will be asked for."),
    "choice": _("After SEV{n} the owner will choose whether a postmortem is needed."),
    "none": _("SEV{n} will only be counted; no postmortem is asked for."),
}

BREAKS = _("SEV{n} will break people’s quiet hours.")
KEEPS = _("SEV{n} will keep people’s quiet hours: their pages wait until these end.")
LEADERSHIP = _("SEV{n} will tell the founder or CTO at once, whatever their path waits for.")
NO_LEADERSHIP = _("SEV{n} will no longer tell the founder or CTO at once: their path says when.")


def hour(at: int) -> str:
    """'08:00'; 24 is midnight."""
    return f"{at:02d}:00"


def fault_of(row: SeverityFacts, table: Mapping[int, SeverityFacts]) -> tuple[str, Say] | None:
    """The first thing that is wrong with a new row, as (field, sentence), or None. `table` holds the other rows."""
    return next(_faults(row, table), None)


def _faults(row: SeverityFacts, table: Mapping[int, SeverityFacts]) -> Iterator[tuple[str, Say]]:
    n = row.severity
    if not row.means.strip():
        yield "means", say(_("Say what SEV{n} means: people choose by it at night."), n=n)
    if row.wakes not in ("always", "waking", "never"):
        yield "wakes", say(_("Choose when it wakes somebody."))
    if n == 1 and row.wakes != "always":
        yield "wakes", say(_("SEV1 has to wake somebody at any hour: it is the gravest there is."))
    if not 0 <= row.waking_from < row.waking_to <= 24:
        yield "waking_to", say(_("Waking hours end after they begin, at 24 at the latest."))
    if "owner" not in row.roles:
        yield "roles", say(_("Somebody has to own it: keep the incident owner."))
    if not set(row.roles) <= set(ALL_ROLES):
        yield "roles", say(_("Choose from the roles there are."))
    for name, what in PROMISES.items():
        minutes = getattr(row, name)
        if minutes is not None and not 5 <= minutes <= DAY:
            yield name, say(_("Promise {what} within 5 minutes to a day, or leave it empty."), what=Term(what))
    if row.tone not in TONES:
        yield "tone", say(_("Choose how its words sound."))
    if row.postmortem not in AFTER:
        yield "postmortem", say(_("Choose what follows when it is over."))
    if n == 1 and not row.breaks_quiet:
        yield "breaks_quiet", say(_("SEV1 has to break quiet hours: it is the gravest there is."))
    if row.draft_hours is not None and row.postmortem == "none":
        yield "draft_hours", say(_("Leave it empty: no postmortem is asked for."))
    if row.draft_hours is not None and not 1 <= row.draft_hours <= MOST_HOURS:
        yield "draft_hours", say(_("Ask for the draft within an hour to 30 days, or leave it empty."))
    yield from _out_of_order(row, table)


def _out_of_order(row: SeverityFacts, table: Mapping[int, SeverityFacts]) -> Iterator[tuple[str, Say]]:
    """A graver severity never waits longer, and never lets people sleep where a lighter one wakes them."""
    loud = ("never", "waking", "always")
    for other in table.values():
        if other.severity == row.severity:
            continue
        graver, lighter = sorted((row, other), key=lambda one: one.severity)
        facts = {"graver": graver.severity, "lighter": lighter.severity}
        if row.wakes in loud and loud.index(graver.wakes) < loud.index(lighter.wakes):
            yield "wakes", say(_("SEV{lighter} would wake people where SEV{graver} lets them sleep."), **facts)
        if lighter.breaks_quiet and not graver.breaks_quiet:
            yield "breaks_quiet", say(_("SEV{lighter} would break quiet hours where SEV{graver} keeps them."), **facts)
        if lighter.tells_leadership and not graver.tells_leadership:
            yield (
                "tells_leadership",
                say(_("SEV{lighter} would tell the founder or CTO at once, and SEV{graver} not."), **facts),
            )
        for name, what in PROMISES.items():
            slow, fast = getattr(graver, name), getattr(lighter, name)
            if fast is not None and (slow is None or slow > fast):
                yield (
                    name,
                    say(_("SEV{graver} would wait longer than SEV{lighter} for {what}."), what=Term(what), **facts),
                )


def mark_of(row: SeverityFacts) -> str:
    """A short mark of a row as it stands: a form carries it, so that nobody overwrites what another has changed."""
    return sha256(repr(astuple(row)).encode()).hexdigest()[:16]


def changes(before: SeverityFacts, after: SeverityFacts) -> tuple[Say, ...]:
    """What a new row changes, one sentence each; nothing when they are the same."""
    return tuple(_changes(before, after))


def _changes(before: SeverityFacts, after: SeverityFacts) -> Iterator[Say]:
    n = after.severity
    if after.means != before.means:
        yield say(_("SEV{n} will mean: ‘{means}’."), n=n, means=after.means)
    hours = (after.waking_from, after.waking_to)
    if after.wakes != before.wakes or (after.wakes == "waking" and hours != (before.waking_from, before.waking_to)):
        yield _wakes(after)
    if after.breaks_quiet != before.breaks_quiet:
        yield say(BREAKS if after.breaks_quiet else KEEPS, n=n)
    if after.tells_leadership != before.tells_leadership:
        yield say(LEADERSHIP if after.tells_leadership else NO_LEADERSHIP, n=n)
    for role, words in ROLES.items():
        if role in after.roles and role not in before.roles:
            yield say(_("SEV{n} will ask for the {role}, too."), n=n, role=Term(words))
        if role in before.roles and role not in after.roles:
            yield say(_("SEV{n} will no longer ask for the {role}."), n=n, role=Term(words))
    for name, what in PROMISES.items():
        yield from _promise(n, what, getattr(before, name), getattr(after, name))
    if after.tone != before.tone:
        yield say(_("The words of SEV{n} will sound {tone}."), n=n, tone=Term(TONES[after.tone]))
    if after.postmortem != before.postmortem:
        yield say(AFTER[after.postmortem], n=n)
    if after.draft_hours != before.draft_hours:
        yield _draft(after)


def _wakes(after: SeverityFacts) -> Say:
    if after.wakes == "always":
        return say(_("SEV{n} will wake the path at any hour."), n=after.severity)
    if after.wakes == "never":
        return say(_("SEV{n} will wake nobody: it waits for the digest."), n=after.severity)
    return say(
        _("SEV{n} will page only from {start} until {end}; what breaks at night waits for the morning."),
        n=after.severity, start=hour(after.waking_from), end=hour(after.waking_to),
    )  # fmt: skip


def _draft(after: SeverityFacts) -> Say:
    if after.draft_hours is None:
        return say(_("After SEV{n} the draft of the postmortem will have no time of its own."), n=after.severity)
    hours = Count(after.draft_hours, _("{n} hour"), _("{n} hours"))
    return say(_("After SEV{n} the postmortem will be drafted within {hours}."), n=after.severity, hours=hours)


def _minutes(n: int) -> Count:
    return Count(n, _("{n} minute"), _("{n} minutes"))


def _promise(n: int, what: str, before: int | None, after: int | None) -> Iterator[Say]:
    facts = {"n": n, "what": Term(what)}
    if before == after:
        return
    if after is None:
        yield say(_("SEV{n} will no longer promise {what}."), **facts)
    elif before is None:
        yield say(_("SEV{n} will promise {what} within {after}."), after=_minutes(after), **facts)
    else:
        yield say(
            _("SEV{n} will promise {what} within {after}, not {before}."), after=_minutes(after), before=before, **facts
        )
