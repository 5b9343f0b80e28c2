"""Rows for nodes and edges that other formats name."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from firstcall.ready.rules.catalog import BY_KIND, Item, key_of


def item_of(kind: str, line: int, **facts: Any) -> Item:
    """A row with what is usual for all the rest."""
    whole = {one.name: one.default for one in BY_KIND[kind].fields if not one.kept} | facts
    return Item(kind, key_of(BY_KIND[kind], whole), whole, line)


def slugs(names: list[str]) -> dict[str, str]:
    """A slug for each name, in order; names that would share one get a number."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        if name in found:
            continue
        base = slugify(name)[:44] or "part"
        slug, number = base, 2
        while slug in used:
            slug, number = f"{base}-{number}", number + 1
        used.add(slug)
        found[name] = slug
    return found


def rows_of(kinds: dict[str, tuple[str, int, dict[str, Any]]], edges: list[tuple[str, str, int]]) -> list[Item]:
    """Rows of nodes (name: kind, line, facts) and of edges (from, to, line). Edges said twice or to itself fall out."""
    named = slugs(list(kinds))
    items = [
        item_of(kind, line, slug=named[name], name=facts.pop("name", name)[:120], **facts)
        for name, (kind, line, facts) in kinds.items()
    ]
    seen = set()
    for start, end, line in edges:
        ends = tuple(f"{kinds[name][0]}:{named[name]}" for name in (start, end))
        if ends not in seen and start != end:
            seen.add(ends)
            items.append(item_of("dependency", line, **{"from": ends[0], "to": ends[1]}))
    return items
