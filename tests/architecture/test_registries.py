"""What the rooms declare is whole: journal kinds, jobs and templates name only what there is."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

import pytest
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.journal.kinds import KINDS, Kind, present
from tests.architecture.tree import HOUSE, name_of

GLYPHS = {"break", "machine", "person", "words", "decision", "need", "report", "clock", "pin", "check"}
REGIONS = {"head", "next", "answers", "people", "steps", "needs", "decisions", "updates", "timeline", "now"}
FILTERS = {"decisions", "words", "people", "machine"}
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
TEMPLATES = sorted(path for path in HOUSE.glob("*/templates/**/*") if path.suffix in (".html", ".txt", ".xml", ".svg"))
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.S)
INLINE = re.compile(r"""<style\b|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:""", re.I)
LINK = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_journal_kind_is_presented(kind: Kind) -> None:
    assert NAME.fullmatch(kind.name), "a kind is noun.past"
    assert kind.glyph in GLYPHS
    assert kind.filter in FILTERS
    assert set(kind.regions) <= REGIONS
    sentence = str(kind.sentence)
    fields = [field for _, field, _, _ in Formatter().parse(sentence) if field is not None]
    assert all(field.isidentifier() for field in fields)
    facts = {field: f"<{field}>" for field in fields if field != "by"}
    told = present(kind.name, by="Ada", facts=facts)
    assert told == sentence.format(by="Ada", **facts)
    assert " " in told, "a sentence, not a word"


def test_every_job_kind_has_one_handler() -> None:
    assert JOB_KINDS
    assert [kind.name for kind in JOB_KINDS.values() if (kind.store is None) == (kind.prepare is None)] == []
    assert [name for name in JOB_KINDS if not NAME.fullmatch(name)] == []


def names(patterns: list[URLPattern | URLResolver]) -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            prefix = f"{pattern.namespace}:" if pattern.namespace else ""
            found += [prefix + name for name in names(pattern.url_patterns)]
        elif pattern.name:
            found.append(pattern.name)
    return found


@cache
def known() -> frozenset[str]:
    return frozenset(names(get_resolver().url_patterns))


def test_names_of_pages_are_unique() -> None:
    mine = [name for name in names(get_resolver().url_patterns) if ":" not in name]
    twice = {name for name in mine if mine.count(name) > 1}
    assert twice == set()


def test_every_template_compiles() -> None:
    broken = []
    for path in TEMPLATES:
        folder = next(parent for parent in path.parents if parent.name == "templates")
        try:
            get_template(path.relative_to(folder).as_posix())
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            broken.append(f"{name_of(path)}: {error}")
    assert broken == []


def test_templates_hold_no_script_and_no_style() -> None:
    found = {name_of(path): INLINE.findall(COMMENT.sub("", path.read_text())) for path in TEMPLATES}
    assert {name: inline for name, inline in found.items() if inline} == {}


def test_templates_link_to_pages_that_exist() -> None:
    found = {name_of(path): set(LINK.findall(COMMENT.sub("", path.read_text()))) - known() for path in TEMPLATES}
    assert {name: links for name, links in found.items() if links} == {}
