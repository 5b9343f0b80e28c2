"""What one tap can call."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[\d\s+()./\u2010-\u2015-]*\d[\d\s()./\u2010-\u2015-]*((ext\.?|x|#|,)\s*\d+)?", re.IGNORECASE)


def is_phone(text: str) -> bool:
    """Figures with what people put between them, and an extension at most: no words, which no telephone dials."""
    return NUMBER.fullmatch(text.strip()) is not None
