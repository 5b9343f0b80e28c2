"""Service graphs as JSON: {"nodes": [{"id", "kind"}], "edges": [[caller, callee]]}, or several of them by name.

Nodes may be plain texts, edges {"source", "target"} or {"from", "to"} (node-link, as networkx and d3 write it, whose
edges may be under "links").
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from firstcall.ready.catalogs.edges import rows_of
from firstcall.ready.rules.catalog import Item, Problem

LARGEST = 5 * 1024 * 1024
OUTSIDE = ("external", "provider", "third-party", "saas")


def read_graph(body: bytes, *, name: str = "") -> tuple[list[Item], list[Problem]]:
    """Components (and providers where a node's kind says so) with their edges, or what is wrong."""
    if len(body) > LARGEST:
        return [], [Problem(1, 1, "", _("The file is over 5 MB: split it."))]
    try:
        whole = json.loads(body)
    except json.JSONDecodeError as error:
        return [], [Problem(error.lineno, error.colno, "", _("This is not JSON: {what}.").format(what=error.msg))]
    except (UnicodeDecodeError, RecursionError):
        return [], [Problem(1, 1, "", _("This is not JSON in UTF-8, or it is nested too deep."))]
    chosen, problem = _chosen(whole, name)
    if chosen is None:
        return [], [Problem(1, 1, "", problem)]
    problems: list[Problem] = []
    kinds: dict[str, tuple[str, int, dict[str, Any]]] = {}
    for number, node in enumerate(chosen["nodes"], start=1):
        key = node.get("id", node.get("name")) if isinstance(node, dict) else node
        if not isinstance(key, str | int) or not str(key).strip() or "\x00" in str(key):
            problems.append(Problem(1, 1, f"nodes[{number}]", _("Node {n} has no id.").format(n=number)))
            continue
        outside = isinstance(node, dict) and str(node.get("kind", "")).lower() in OUTSIDE
        kinds[str(key)] = ("provider" if outside else "component", 1, {})
    edges = []
    for number, edge in enumerate(chosen.get("edges") or chosen.get("links") or [], start=1):
        ends = _ends(edge)
        if ends is None:
            problems.append(Problem(1, 1, f"edges[{number}]", _("Edge {n} does not have two ends.").format(n=number)))
        elif lost := [end for end in ends if end not in kinds]:
            words = _("Edge {n} names '{name}', which is no node.").format(n=number, name=lost[0][:80])
            problems.append(Problem(1, 1, f"edges[{number}]", words))
        elif kinds[ends[0]][0] == "provider":
            words = _("Edge {n}: a third party does not need a part of ours.").format(n=number)
            problems.append(Problem(1, 1, f"edges[{number}]", words))
        else:
            edges.append((*ends, 1))
    return ([], problems) if problems else (rows_of(kinds, edges), [])


def graphs_in(body: bytes) -> list[str]:
    """The names of the graphs in a file that holds several."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return sorted(key for key, one in whole.items() if _is_graph(one)) if isinstance(whole, dict) else []


def _is_graph(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("nodes"), list)
        and isinstance(one.get("edges", one.get("links")), list)
    )


def _chosen(whole: Any, name: str) -> tuple[dict[str, Any] | None, str]:
    if _is_graph(whole):
        return whole, ""
    several = {key: one for key, one in whole.items() if _is_graph(one)} if isinstance(whole, dict) else {}
    if name in several:
        return several[name], ""
    if len(several) == 1 and not name:
        return next(iter(several.values())), ""
    if several:
        return None, _("Choose one of the graphs here: {known}.").format(known=", ".join(sorted(several))[:500])
    return None, _("There is no graph here: it needs 'nodes' and 'edges'.")


def _ends(edge: Any) -> tuple[str, str] | None:
    if isinstance(edge, list | tuple) and len(edge) >= 2:
        return str(edge[0]), str(edge[1])
    if isinstance(edge, dict):
        for start, end in (("source", "target"), ("from", "to")):
            if start in edge and end in edge:
                return str(edge[start]), str(edge[end])
    return None
