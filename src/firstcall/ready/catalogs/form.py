"""Which reader a file needs."""

from __future__ import annotations

import re

from firstcall.ready.catalogs.backstage import read_backstage
from firstcall.ready.catalogs.graph import read_graph
from firstcall.ready.catalogs.read import read_catalog
from firstcall.ready.rules.catalog import Item, Problem


def form_of(text: str) -> str:
    """What a file is by its beginning: JSON is a graph, `kind:` before any `firstcall:` Backstage, all else ours."""
    if text.lstrip().startswith(("{", "[")):
        return "graph"
    first = re.search(r"^(firstcall|apiVersion|kind)\s*:", text, re.MULTILINE)
    return "backstage" if first and first[1] != "firstcall" else "catalog"


def read_any(body: bytes, *, form: str, graph: str = "") -> tuple[list[Item], bool, list[Problem]]:
    """Rows, whether they say `adopt`, and problems, of a 'catalog', 'backstage' or 'graph' file."""
    if form == "backstage":
        items, problems = read_backstage(body)
        return items, False, problems
    if form == "graph":
        items, problems = read_graph(body, name=graph)
        return items, False, problems
    return read_catalog(body)
