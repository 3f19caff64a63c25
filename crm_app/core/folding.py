"""Text as it is compared and searched: case, ё and е, and spaces make no difference."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """The text for comparison: NFKC, case folded, ё → е, runs of spaces one space, none at the ends."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(folded.split())
