"""The catalogue as a YAML file that `firstcall apply` reads back without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from firstcall.ready.rules.catalog import SHAPES, Field, Item, key_of

DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write_catalog(items: Iterable[Item]) -> bytes:
    """UTF-8 YAML in a fixed order; what has its usual value is left out."""
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    document: dict[str, Any] = {"firstcall": 1}
    for shape in SHAPES:
        rows = sorted(by_kind.get(shape.kind, ()), key=lambda item: key_of(shape, item.facts))
        if rows:
            document[shape.heading] = [_plain(shape.fields, item.facts) for item in rows]
    text = yaml.dump(document, Dumper=DUMPER, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110)
    return bytes(text, "utf-8")


def _plain(fields: Sequence[Field], facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        value = facts.get(one.name, one.default)
        if value == one.default and not one.needed:
            continue
        if one.form == "rows":
            value = [_plain(one.rows, row) for row in value]
        found[one.name] = list(value) if isinstance(value, tuple) else value
    return found
