"""Holes of a flow: who is woken, who owns and repairs it, its words, steps, alerts and drills."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.holes.facts import FlowFacts, Prepared
from firstcall.ready.rules.holes.hole import RANK, Hole, Looked, Topic, an_hour


def flow_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each flow that is critical or important."""
    for flow in prepared.flows:
        rank, cost = RANK[flow.criticality], flow.cost_per_hour or 0
        if rank == 2:
            continue
        asked: tuple[tuple[str, Topic, bool, str, Say | None, str, int], ...] = (
            ("path", "people", flow.has_path, _("Nobody is woken for {flow}: it has no escalation path."),
             an_hour(flow.hour), _("Name a path"), cost),
            ("owner", "people", flow.has_owner, _("Nobody owns {flow}."),
             say(_("At night it is not clear who decides.")), _("Name someone"), 0),
            ("repair", "people", flow.has_repair, _("Nobody is named who can repair {flow}."),
             say(_("Whoever is woken has to search first.")), _("Name someone"), 0),
            ("words", "words", flow.has_words, _("No words for customers are ready for {flow}."),
             say(_("The first word would be written at night.")), _("Write them"), 0),
            ("sketch", "true", not flow.sketched, _("{flow} comes from a sketch and nobody has said that it is so."),
             say(_("What is written there may be untrue.")), _("Look at it"), 0),
        )  # fmt: skip
        for name, topic, holds, sentence, price, verb, worth in asked:
            hole = Hole(
                f"{name}:{flow.slug}", topic, say(sentence, flow=flow.name), price, "flow_edit", flow.slug, say(verb),
                rank, worth,
            )  # fmt: skip
            yield topic, None if holds else hole
        if rank == 0:
            yield from _critical(flow)


def _critical(flow: FlowFacts) -> Iterator[Looked]:
    """What only a critical flow is asked."""
    cost = flow.cost_per_hour or 0
    asked: tuple[tuple[str, Topic, bool, str, Say | None, str, str, str, int], ...] = (
        ("cost", "words", flow.cost_per_hour is not None, _("What an hour of {flow} costs is not known."), None,
         _("Say what it costs"), "flow_edit", flow.slug, 0),
        ("steps", "words", flow.has_steps, _("Nobody has written what to try first when {flow} breaks."),
         say(_("Whoever is woken starts from nothing.")), _("Write the first steps"), "flow_edit", flow.slug, 0),
        ("watch", "alerts", flow.watched, _("No alert watches {flow}: its users would notice first."),
         an_hour(flow.hour), _("Connect one"), "sources", "", cost),
        ("confirm", "true", flow.confirmed or flow.sketched,
         _("Nobody says any more that what is written of {flow} holds."),
         say(_("What was true once may be untrue tonight.")), _("Look at it"), "flow", flow.slug, 0),
        ("drill", "true", flow.drilled, _("There was no drill of {flow} for 90 days."),
         say(_("What was never tried is tried for the first time at night.")), _("Plan a game day"), "drills", "", 0),
    )  # fmt: skip
    for name, topic, holds, sentence, price, verb, page, slug, worth in asked:
        hole = Hole(f"{name}:{flow.slug}", topic, say(sentence, flow=flow.name), price, page, slug, say(verb), 0, worth)
        yield topic, None if holds else hole
