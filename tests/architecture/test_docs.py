"""The docs say what the registries say, their links lead somewhere, and no file names a package registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import files, name_of
from tools.docs import made

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
# Written in parts, so that this file names none of them either.
REGISTRIES = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)
DOCS = list(files(".md"))
TEXT = {".py", ".md", ".toml", ".in", ".lock", ".html", ".txt", ".js", ".css", ".json", ".yml", ".svg", ".cfg", ""}


@pytest.mark.django_db
def test_the_docs_made_from_registries_are_up_to_date() -> None:
    behind = [name_of(path) for path, make in made().items() if not path.exists() or path.read_text() != make()]
    assert behind == [], "run `make docs`"


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_links_lead_to_files_that_exist(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text()) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in targets if not (path.parent / link).exists()] == []


def test_no_file_names_a_package_registry() -> None:
    naming = [
        name_of(path)
        for path in files()
        if path.suffix in TEXT and any(host in path.read_text(errors="replace") for host in REGISTRIES)
    ]
    assert naming == []
