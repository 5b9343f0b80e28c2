"""First drafts for each audience, from facts alone: what is not known is said as not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Facts:
    """What the room knows. Clocks are already written ('22:54 CET'); empty: not known.

    `called` is what customers call `flow`, empty when no page of theirs names it.
    `scale` is how many customers use what is hit ('41 of 220'), or once customers are named in `hit` how many those
    are; `contracts` of them have one, `hit_others` are in no list, and `some` says that not all are hit. `prepared` are
    the words for customers that somebody wrote on a quiet day, `prepared_support` what support says on the telephone.
    """

    title: str
    flow: str = ""
    called: str = ""
    symptom: str = ""
    since: str = ""
    state: str = "investigating"
    severity: int = 2
    scale: str = ""
    hit: tuple[str, ...] = ()
    hit_others: str = ""
    contracts: int = 0
    some: bool = False
    workaround: str = ""
    prepared: str = ""
    prepared_support: str = ""
    owner: str = ""
    technical_lead: str = ""
    repair: str = ""
    basis: str = ""


DOING = {
    "triage": _("We are looking at it."),
    "investigating": _("Our team is working on it."),
    "identified": _("We know where it comes from and are working on the repair."),
    "monitoring": _("A repair is in place, and we are watching that it holds."),
    "resolved": _("It works again."),
    "closed": _("It works again."),
}
SEEKING = {"investigating": _("We are looking for the cause.")}  # among ourselves: who works is named beside it
OVER = ("resolved", "closed")
BROKEN = ("triage", "investigating", "identified")
MOST_NAMED = 3  # customers; the room names them all
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
# 'We are working on it.' and nothing else, in the ways people write it.
ONLY_DOING = re.compile(
    r"(?:we|(?:our|the) \w+|engineers|somebody) (?:are|is|have|has)(?: \w+){0,2}? "
    r"(?:working|looking|investigating|people|on)(?: (?:on|at|into|for|to))?"
    r"(?: (?:it|this|that|an?|the|fix|repair|solution|cause|problem|issue|failure|outage|now|already|urgently|right))*",
    re.IGNORECASE,
)
DOES = re.compile(
    r"\b(?:working on (?:it|this|an?|the)|look(?:ing)? (?:at|into) (?:it|this|the)|investigating|people on it)\b",
    re.IGNORECASE,
)


def draft(audience: str, facts: Facts) -> str:
    """Words for one audience, ready to be changed."""
    return compose({"public": _public, "support": _support, "leadership": _leadership}.get(audience, _inside)(facts))


def compose(lines: Iterable[str]) -> str:
    """The lines as one text that says no sentence twice, each with a full stop at its end."""
    said, kept = set[str](), []
    for sentence in (one for line in lines for one in sentences(line)):
        key = _bare(sentence)
        if key and key not in said:
            said.add(key)
            kept.append(sentence if sentence.endswith((".", "!", "?", "…", "”", ":")) else f"{sentence}.")
    return " ".join(kept)


def sentences(text: str) -> list[str]:
    """A text's sentences, as they stand."""
    return [one.strip() for one in SENTENCE.split(text.strip()) if one.strip()]


def _bare(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def _says_only_doing(sentence: str) -> bool:
    known = {_bare(one) for one in DOING.values()}
    return _bare(sentence) in known or ONLY_DOING.fullmatch(sentence.strip(".!“” ")) is not None


def _since(facts: Facts) -> str:
    return _(" since {since}").format(since=facts.since) if facts.since else ""


def _repair(facts: Facts) -> str:
    """A time of repair is said only with what it rests on."""
    if not facts.repair or not facts.basis or facts.state in OVER:
        return ""
    return _("We expect it to work again by {at}: {basis}.").format(at=facts.repair, basis=facts.basis.rstrip("."))


def _seen(facts: Facts) -> str:
    """The prepared words without what we do about it: that follows from the state, and is said once."""
    return " ".join(one for one in sentences(facts.prepared) if not _says_only_doing(one))


def _doing(facts: Facts, said: str) -> str:
    """What we do about it; empty where `said` has it already. More than 'we are working on it' is always said."""
    doing = DOING.get(facts.state, DOING["investigating"])
    has_it = DOES.search(said) or any(_says_only_doing(one) for one in sentences(said))
    return "" if has_it and facts.state not in ("identified", "monitoring") else doing


def named(flow: str) -> str:
    """A flow inside a sentence, where any name has to fit: ‘Pay out’ works again. Empty: no flow is known."""
    return f"‘{flow}’" if flow else ""


def better(facts: Facts, what: str) -> str:
    """Where it stands once it is no longer broken: a repair is in place, or it works again. `what` may be empty."""
    if facts.state in OVER:
        return _("{what} works again.").format(what=what) if what else DOING["resolved"]
    if what:
        return _("A repair is in place for {what}, and we are watching that it holds.").format(what=what)
    return DOING["monitoring"]


def as_customers_say(facts: Facts) -> Facts:
    """The same facts, with what is hit named as customers know it."""
    return replace(facts, flow=facts.called or facts.flow)


def _public(facts: Facts) -> list[str]:
    facts = as_customers_say(facts)
    what = named(facts.flow) or _("Our service")
    if facts.state in OVER:
        return [better(facts, what), _("We are sorry, and will say here what we change.")]
    if facts.state not in BROKEN:
        return [better(facts, named(facts.flow)), _("If it still fails for you, please tell us."), _repair(facts)]
    since = _since(facts)
    if since:
        some = _("{what} has not been working as it should for some customers{since}.")
        fails = some if facts.some else _("{what} has not been working as it should{since}.")
    else:
        some = _("{what} is not working as it should for some customers.")
        fails = some if facts.some else _("{what} is not working as it should.")
    seen = _seen(facts) or fails.format(what=what, since=since)
    return [seen, _doing(facts, seen), facts.workaround, _repair(facts)]


def _within(facts: Facts, before: str = "") -> str:
    """The first sentence inside the company: the room's title, and once it is no longer broken where it stands."""
    title = facts.title.rstrip(".")
    if facts.state in BROKEN:
        return f"{before}{title}{_since(facts)}."
    said = better(facts, named(facts.flow))
    return f"{before}{said}" if facts.flow else f"{before}‘{title}’: {said[0].lower()}{said[1:]}"


def _hit(facts: Facts, *, contracts: bool = False) -> list[str]:
    """Who is hit, as far as somebody said so; else how many use it."""
    others = facts.hit_others.rstrip(".")
    have = [_("Among them with a contract: {n}.").format(n=facts.contracts)] if contracts and facts.contracts else []
    if not facts.hit:
        said = [_("Hit, as far as we know: {others}.").format(others=others)] if others else []
        return [*said, _("{scale} customers use it.").format(scale=facts.scale), *have] if facts.scale else said
    names = ", ".join(facts.hit[:MOST_NAMED])
    if len(facts.hit) > MOST_NAMED:
        names = _("{names} and {n} more").format(names=names, n=len(facts.hit) - MOST_NAMED)
    counted = _("{scale} customers ({names})").format(scale=facts.scale, names=names) if facts.scale else names
    named_ones = _("Hit, as far as we know: {others}.").format(others=counted)
    return [named_ones, *have, *([_("Also hit: {others}.").format(others=others)] if others else [])]


def _support(facts: Facts) -> list[str]:
    if facts.state in OVER:
        return [_within(facts), _("Please tell us of anybody for whom it does not.")]
    if facts.state not in BROKEN:
        return [_within(facts), _("Please tell us of anybody for whom it still fails."), _repair(facts)]
    spoken = facts.prepared_support.strip()
    if spoken and not re.search(r"\bsay:", spoken, re.IGNORECASE):
        spoken = _("Say: “{words}”").format(words=spoken)
    way_round = facts.workaround or _("There is no way round that we know of.")
    asked = _repair(facts) or _("Please do not say when it will work again, or whose fault it is.")
    return [_within(facts), *_hit(facts), _doing(facts, spoken), spoken, way_round, asked]


def _leadership(facts: Facts) -> list[str]:
    lines = [_within(facts, f"SEV{facts.severity}: ")]
    if facts.state in BROKEN:
        lines += [*_hit(facts, contracts=True), _doing(facts, "")]
    if facts.owner and facts.state in OVER:
        lines.append(_("Questions go to {name}.").format(name=facts.owner))
    elif facts.owner:
        lines.append(_("{name} leads.").format(name=facts.owner))
    if facts.state in BROKEN:
        lines.append(_repair(facts) or _("When it will work again is not known yet."))
    return lines


def _inside(facts: Facts) -> list[str]:
    lines = [_within(facts, f"SEV{facts.severity}: ")]
    if facts.state in OVER:
        return lines
    if facts.state in BROKEN:
        lines.append(SEEKING.get(facts.state) or _doing(facts, ""))
        if facts.owner and facts.owner == facts.technical_lead:
            return [*lines, _("{name} leads and does the repair: please keep questions few.").format(name=facts.owner)]
        if facts.technical_lead:
            lines.append(_("{name} leads the repair.").format(name=facts.technical_lead))
    if facts.owner:
        lines.append(_("Questions go to {name}, not to the engineers.").format(name=facts.owner))
    return lines
