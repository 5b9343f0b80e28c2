"""Reading a catalogue: YAML in, rows or named problems out. Nothing of the file is ever constructed or run.

YAML 1.1 as PyYAML composes it: each node carries its line. Aliases are refused, depth and size are bounded.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import yaml
from django.utils.translation import gettext as _

from firstcall.kernel.clock import zones
from firstcall.ready.rules.catalog import BY_HEADING, WHOLE_MOST, Field, Form, Item, Problem, key_of, told_apart

LARGEST = 2 * 1024 * 1024
DEEPEST = 12
TRUE, FALSE = ("true", "yes", "on"), ("false", "no", "off")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where PyYAML has it: ten times as fast
NULL = "tag:yaml.org,2002:null"
ORDERED = {"severity_paths": "severity", "lanes": "after_minutes"}  # rows whose order follows from what they say
SINGLE: dict[str, Form] = {"mails": "mail", "crew": "mail", "refs": "ref", "choices": "choice"}
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
NODE = re.compile(r"(flow|component|provider):[-a-zA-Z0-9_]+")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")


class _Wrong(Exception):
    """A value that is not as it must be."""

    def __init__(self, node: Any, sentence: str, name: str = "") -> None:
        super().__init__(sentence)
        self.problem = problem_at(node, name, sentence)


def problem_at(node: Any, name: str, sentence: str) -> Problem:
    """A problem at the place of a node."""
    return Problem(node.start_mark.line + 1, node.start_mark.column + 1, name, sentence)


def documents(body: bytes) -> tuple[list[Any], list[Problem]]:
    """The nodes of every document of a YAML file. Problems: too large, not UTF-8, not YAML, aliases, too deep."""
    if len(body) > LARGEST:
        return [], [Problem(1, 1, "", _("The file is over 2 MB: split it."))]
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return [], [Problem(line, 1, "", _("This is not UTF-8: save the file as UTF-8."))]
    try:
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise _Wrong(event, _("Aliases (*name) are not read: write it out."))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _Wrong(event, _("This is nested too deep."))
        return [node for node in yaml.compose_all(text, Loader=LOADER) if node is not None], []
    except _Wrong as wrong:
        return [], [wrong.problem]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return [], [Problem(*place, "", _("This is not YAML: {what}.").format(what=error.problem or error.context))]
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        return [], [Problem(line, 1, "", _("There is a character here that YAML does not allow."))]


def read_catalog(body: bytes) -> tuple[list[Item], bool, list[Problem]]:
    """The rows of a catalogue, whether it says `adopt: true`, and every problem. With a problem nothing is applied."""
    nodes, problems = documents(body)
    if problems:
        return [], False, problems
    if not nodes:
        return [], False, [Problem(1, 1, "", _("The file is empty."))]
    if len(nodes) > 1:
        return [], False, [problem_at(nodes[1], "", _("A catalogue is one document: take out the line '---'."))]
    items: list[Item] = []
    adopt = False
    try:
        top = _mapping(nodes[0], "")
    except _Wrong as wrong:
        return [], False, [wrong.problem]
    version = top.pop("firstcall", None)
    if version is None or version[1].value != "1":
        problems.append(problem_at(nodes[0], "firstcall", _("Begin with 'firstcall: 1', the version of this format.")))
    for heading, (key, node) in top.items():
        try:
            if heading == "adopt":
                adopt = bool(_value(Field("adopt", "yes", False), node))
            elif heading in BY_HEADING:
                items += _section(heading, node, problems)
            else:
                known = ", ".join(BY_HEADING)
                raise _Wrong(
                    key, _("There is no heading '{name}'; there are {known}.").format(name=heading, known=known)
                )
        except _Wrong as wrong:
            problems.append(wrong.problem)
    items = told_apart(items)
    return items, adopt, problems + _twice(items)


def _twice(items: Sequence[Item]) -> list[Problem]:
    seen: dict[tuple[str, str], Item] = {}
    found = []
    for item in items:
        first = seen.setdefault((item.kind, item.key), item)
        if first is not item:
            sentence = _("'{key}' stands here twice, first in line {line}.").format(key=item.key, line=first.line)
            found.append(Problem(item.line, 1, "", sentence))
    return found


def _section(heading: str, node: Any, problems: list[Problem]) -> list[Item]:
    shape, items = BY_HEADING[heading], []
    if node.tag == NULL:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise _Wrong(node, _("Write a list here: one '- ' for each row."), heading)
    for row in node.value:
        before = len(problems)
        facts, lines = _row(shape.fields, row, problems)
        if len(problems) == before:
            item = Item(shape.kind, key_of(shape, facts), facts, row.start_mark.line + 1, lines)
            problems += _together(item)
            items.append(item)
    return items


def _together(item: Item) -> list[Problem]:
    """What is wrong only with two fields at once."""
    facts, found = item.facts, []

    def wrong(name: str, sentence: str) -> None:
        found.append(Problem(item.lines.get(name, item.line), 1, name, sentence))

    if item.kind == "flow":
        least, most = facts["cost_per_hour"], facts["cost_per_hour_most"]
        if most is not None and (least is None or most < least):
            wrong("cost_per_hour_most", _("The upper end of what an hour costs must not be below the lower one."))
        start, end = facts["peak_from"], facts["peak_to"]
        if (start is None) != (end is None) or (start is not None and start >= end):
            wrong("peak_to", _("Give both ends of the peak; it ends after it begins."))
        if len({row["severity"] for row in facts["severity_paths"]}) < len(facts["severity_paths"]):
            wrong("severity_paths", _("A severity stands here twice."))
    if item.kind == "dependency":
        if facts["from"] == facts["to"]:
            wrong("to", _("A part does not need itself."))
        if facts["from"].startswith("provider:") or facts["to"].startswith("flow:"):
            wrong("from", _("A flow or a component needs a component or a provider, not the other way."))
    if item.kind == "path":
        if any((step["schedule"] is None) == (step["person"] is None) for step in facts["steps"]):
            wrong("steps", _("A step pages a schedule or a person, one of the two."))
        if facts["steps"] and not facts["steps"][-1]["wait_minutes"]:
            wrong("steps", _("Whoever is paged last needs time to answer: wait from 1 to 240 minutes."))
        if any(bool(lane["schedule"]) + bool(lane["person"]) != (lane["kind"] != "owners") for lane in facts["lanes"]):
            wrong("lanes", _("A lane tells a schedule or a person, one of the two; account owners need neither."))
        if any(not lane["severity"] for lane in facts["lanes"]):
            wrong("lanes", _("Write a severity from 1 to 4."))
    if item.kind == "schedule" and any(not layer["length_days"] for layer in facts["layers"]):
        wrong("layers", _("A turn lasts from 1 to 365 days."))
    if item.kind == "duty":
        if (facts["schedule"] is None) == (facts["person"] is None):
            wrong("person", _("A role is held by a schedule or a person, one of the two."))
        if facts["deputy"] and facts["deputy_schedule"]:
            wrong("deputy", _("The deputy is a schedule or a person, not both."))
        for name, other in (("person", "deputy"), ("schedule", "deputy_schedule")):
            if facts[name] is not None and facts[name] == facts[other]:
                wrong(other, _("A deputy is somebody else."))
        if facts["flow"] and facts["team"]:
            wrong("team", _("Name a flow or a team, not both."))
    if item.kind == "release_window" and facts["component"] and facts["flow"]:
        wrong("flow", _("Name a component or a flow, not both."))
    steps = [line for line in facts.get("first_steps", "").splitlines() if line.strip()]
    if len(steps) > 7:
        wrong("first_steps", _("Seven lines at most: at night nobody reads more."))
    return found


def _mapping(node: Any, name: str) -> dict[str, tuple[Any, Any]]:
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, _("Write 'field: value' here."), name)
    found: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _Wrong(key, _("A field's name is a plain word."), name)
        if key.value in found:
            raise _Wrong(key, _("The field '{name}' stands here twice.").format(name=key.value), key.value)
        found[key.value] = (key, value)
    return found


def _row(fields: Sequence[Field], node: Any, problems: list[Problem]) -> tuple[dict[str, Any], dict[str, int]]:
    """A row's facts with what is usual filled in (but not what is kept), and the lines of its fields."""
    facts: dict[str, Any] = {one.name: one.default for one in fields if not one.kept}
    lines: dict[str, int] = {}
    known = {one.name: one for one in fields}
    try:
        given = _mapping(node, "")
    except _Wrong as wrong:
        problems.append(wrong.problem)
        return facts, lines
    for name, (key, value) in given.items():
        lines[name] = key.start_mark.line + 1
        if name not in known:
            sentence = _("There is no field '{name}' here; there are {known}.").format(
                name=name, known=", ".join(known)
            )
            problems.append(problem_at(key, name, sentence))
            continue
        try:
            one = known[name]
            facts[name] = _rows(one, value, problems) if one.form == "rows" else _value(one, value)
        except _Wrong as wrong:
            problems.append(wrong.problem)
    for one in fields:
        if one.needed and facts[one.name] in ("", None, ()) and not any(p.field == one.name for p in problems):
            problems.append(problem_at(node, one.name, _("'{name}' is missing.").format(name=one.name)))
    return facts, lines


def _rows(one: Field, node: Any, problems: list[Problem]) -> tuple[dict[str, Any], ...]:
    rows = [_row(one.rows, row, problems)[0] for row in _list(one, node)]
    if one.name in ORDERED:
        rows.sort(key=lambda row: row[ORDERED[one.name]] or 0)
    return tuple(rows)


def _list(one: Field, node: Any) -> list[Any]:
    if node.tag == NULL:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise _Wrong(node, _("Write a list here."), one.name)
    return list(node.value)


def _value(one: Field, node: Any) -> Any:
    """A field's value as plain JSON. Raises _Wrong."""
    if one.form in SINGLE:
        single = Field(one.name, SINGLE[one.form], None, of=one.of, choices=one.choices, needed=True)
        values = tuple(_value(single, each) for each in _list(one, node))
        if None in values or (len(set(values)) < len(values) and one.form != "mails"):
            raise _Wrong(node, _("Something is empty here or stands here twice."), one.name)
        return values if one.form == "mails" else tuple(sorted(values))
    if one.form == "hours":
        values = tuple(_value(Field(one.name, "whole", None), each) for each in _list(one, node))
        if values and (len(values) != 168 or None in values):
            raise _Wrong(node, _("Give the 168 hours of a week, Monday 00:00 first."), one.name)
        return values or None
    if not isinstance(node, yaml.ScalarNode):
        raise _Wrong(node, _("Write one value here, not a list or more fields."), one.name)
    return one.default if node.tag == NULL else _scalar(one, node)


def _scalar(one: Field, node: Any) -> Any:
    text: str = node.value
    wrong = ""
    if one.form == "whole":
        if re.fullmatch(r"\d{1,10}", text, re.ASCII) and int(text) <= (one.most or WHOLE_MOST):
            return int(text)
        wrong = _("Write a whole number from 0 to {most}.").format(most=one.most or WHOLE_MOST)
    elif one.form == "yes":
        if text.lower() in TRUE + FALSE:
            return text.lower() in TRUE
        wrong = _("Write true or false.")
    elif one.form == "day":
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            wrong = _("'{text}' is no day: write it as 2026-11-20.").format(text=text[:40])
    elif one.form == "time" and not TIME.fullmatch(text):
        wrong = _("'{text}' is no time of day: write it as 09:00.").format(text=text[:40])
    elif one.form == "zone" and text and text not in zones():
        wrong = _("'{text}' is no time zone: write one such as Europe/Berlin.").format(text=text[:40])
    elif one.form == "choice" and text not in one.choices:
        wrong = _("'{text}' is not one of {known}.").format(text=text[:40], known=", ".join(one.choices))
    elif one.form == "mail" and not MAIL.fullmatch(text):
        wrong = _("'{text}' is no mail address.").format(text=text[:80])
    elif one.form == "node" and not NODE.fullmatch(text):
        wrong = _("Write flow:…, component:… or provider:… and the slug.")
    elif one.name == "slug" and not SLUG.fullmatch(text):
        wrong = _("A slug has letters, digits, - and _ only.")
    elif one.name == "peak_days" or one.name == "days":
        if not re.fullmatch(r"1?2?3?4?5?6?7?", text):
            wrong = _("Write the days as digits in order: 1 is Monday, 12345 the working week.")
    elif one.name in ("status_url", "first_steps_link") and text and not re.match(r"https?://\S+$", text):
        wrong = _("Write an address that begins with https://.")
    elif one.form == "text" and one.most and len(text) > one.most:
        wrong = _("This is {n} characters long; {most} fit.").format(n=len(text), most=one.most)
    elif "\x00" in text or (one.needed and not text.strip()):
        wrong = _("Write something here.")
    if wrong:
        raise _Wrong(node, wrong, one.name)
    return text.lower() if one.form == "mail" else text
