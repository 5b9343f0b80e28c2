"""The words for what is seen fit where they are kept and said."""

from __future__ import annotations

from firstcall.detect.models.report import Report
from firstcall.detect.rules.symptom import SYMPTOMS


def test_every_symptom_fits_its_column_and_has_words() -> None:
    most = Report._meta.get_field("symptom").max_length
    assert len(SYMPTOMS) == 10
    assert [key for key, words in SYMPTOMS.items() if len(key) > (most or 0) or not words] == []
