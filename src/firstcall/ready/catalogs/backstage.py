"""Backstage catalog files: Component, Resource and API become components, a group that owns them a team.

Format: https://backstage.io/docs/features/software-catalog/descriptor-format. A reference is `[kind:][namespace/]name`.
What only others name is added as a component, so that no edge is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from firstcall.ready.catalogs.edges import item_of, rows_of, slugs
from firstcall.ready.catalogs.read import documents, problem_at
from firstcall.ready.rules.catalog import Item, Problem

PARTS = ("component", "resource", "api")
LEFT = ("system", "domain", "group", "user", "location", "template")
LISTS = {"dependsOn": "component", "consumesApis": "api", "providesApis": "api", "dependencyOf": "component"}


@dataclass(slots=True)
class _Found:
    kinds: dict[str, tuple[str, int, dict[str, Any]]] = field(default_factory=dict)
    edges: list[tuple[str, str, int]] = field(default_factory=list)
    providers: dict[str, str] = field(default_factory=dict)  # API reference -> the component that provides it
    teams: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def reference(text: str, usual: str) -> str:
    """`kind:namespace/name` in small letters, with what is left out filled in."""
    kind, colon, rest = text.strip().lower().rpartition(":")
    space, _slash, name = rest.rpartition("/")
    return f"{kind if colon else usual}:{space or 'default'}/{name}"


def read_backstage(body: bytes) -> tuple[list[Item], list[Problem]]:
    """Components, teams and edges of a file with any number of documents, or every problem by line."""
    nodes, problems = documents(body)
    found = _Found(problems=problems)
    for node in nodes:
        _entity(node, found)
    if found.problems:
        return [], found.problems
    if not found.kinds:
        return [], [Problem(1, 1, "", _("There is no Component, Resource or API in this file."))]
    for api, owner in found.providers.items():  # who provides an API is what its users need
        found.kinds.setdefault(api, ("component", found.kinds[owner][1], {"name": api.rpartition("/")[2]}))
        found.edges.append((api, owner, found.kinds[owner][1]))
    for start, end, line in found.edges:
        for name in (start, end):
            found.kinds.setdefault(name, ("component", line, {"name": name.rpartition("/")[2]}))
    named = slugs(list(found.teams))
    for _kind, _line, facts in found.kinds.values():
        if facts.get("team"):
            facts["team"] = named[facts["team"]]
    teams = [item_of("team", line, slug=named[name], name=name[:120]) for name, line in found.teams.items()]
    short = [name.rpartition("/")[2] for name in found.kinds]
    keys = {
        name: name.rpartition("/")[2] if short.count(name.rpartition("/")[2]) == 1 else name for name in found.kinds
    }
    kinds = {keys[name]: value for name, value in found.kinds.items()}
    return teams + rows_of(kinds, [(keys[start], keys[end], line) for start, end, line in found.edges]), []


def _entity(node: Any, found: _Found) -> None:
    top = _fields(node)
    kind = _text(top.get("kind")).lower()
    metadata, spec = _fields(top.get("metadata")), _fields(top.get("spec"))
    name = _text(metadata.get("name"))
    if not kind or not name:
        missing = "metadata.name" if kind else "kind"
        found.problems.append(problem_at(node, missing, _("'{name}' is missing.").format(name=missing)))
        return
    if kind in LEFT:
        return
    if kind not in PARTS:
        found.problems.append(problem_at(top["kind"], "kind", _("There is no kind '{kind}'.").format(kind=kind[:40])))
        return
    own = reference(f"{_text(metadata.get('namespace')) or 'default'}/{name}", kind)
    line = node.start_mark.line + 1
    if own in found.kinds:
        first = found.kinds[own][1]
        words = _("'{key}' stands here twice, first in line {line}.").format(key=own, line=first)
        found.problems.append(problem_at(node, "metadata.name", words))
        return
    facts: dict[str, Any] = {"name": _text(metadata.get("title")) or name}
    owner = _text(spec.get("owner"))
    if owner and not owner.lower().startswith("user:"):
        facts["team"] = reference(owner, "group").rpartition("/")[2]
        found.teams.setdefault(facts["team"], line)
    found.kinds[own] = ("component", line, facts)
    for key, usual in LISTS.items():
        _edges(own, key, usual, spec.get(key), found)


def _edges(own: str, key: str, usual: str, node: Any, found: _Found) -> None:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        found.problems.append(problem_at(node, f"spec.{key}", _("Write a list here.")))
        return
    for each in node.value:
        if not _text(each):
            found.problems.append(problem_at(each, f"spec.{key}", _("Write a reference: kind:namespace/name.")))
            continue
        other, line = reference(_text(each), usual), each.start_mark.line + 1
        if key == "providesApis":
            found.providers[other] = own
        else:
            found.edges.append((other, own, line) if key == "dependencyOf" else (own, other, line))


def _fields(node: Any) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _text(node: Any) -> str:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
