"""`firstcall apply` and `firstcall export`, as somebody at a terminal sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.ready.tests.test_catalog import WHOLE, counts
from firstcall.web.cli.main import main
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def test_a_file_that_names_what_there_is_not_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_cast()
    file = tmp_path / "catalog.yaml"
    file.write_bytes(
        WHOLE.replace(b"  - checkout\n", b"  - chekout\n").replace(
            b"owner: cleo@example.com", b"owner: kleo@example.com"
        )
    )
    assert main(["apply", str(file)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"{file}:89:1: account_owner: Nobody here has the mail address kleo@example.com: invite them first. "
        "Did you mean 'cleo@example.com'?",
        f"{file}:90:1: flows: There is no flow 'chekout', neither in the file nor here. Did you mean 'checkout'?",
        "2 to mend; nothing was changed.",
    ]
    assert set(counts().values()) == {0}
    assert Entry.objects.count() == 0


def test_the_program_shows_the_difference_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_cast()
    file, copy = tmp_path / "catalog.yaml", tmp_path / "copy.yaml"
    file.write_bytes(WHOLE)
    assert main(["apply", str(file), "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["+ customer Bakery Union", "Nothing was changed."]
    assert set(counts().values()) == {0}
    assert main(["apply", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "9 made, 0 changed, 0 removed."
    assert main(["export", str(copy)]) == 0
    assert main(["apply", str(copy), "--adopt"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 made, 9 changed, 0 removed."
