"""Text as it is compared and searched: case, ё and е, and spaces make no difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """The text for comparison: NFKC, case folded, ё → е, runs of spaces one space, none at the ends."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(folded.split())


def fold_lines(parts: Iterable[str | None]) -> str:
    """Several texts folded into two lines: the first of them, which may be empty, and all others."""
    first, *others = parts
    return f"{fold(first or '')}\n{fold(' '.join(filter(None, others)))}"


_NEVER_TYPED = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x00AD, 0xFEFF))
"""Signs without a width, and those that turn the direction of what follows: a name with them reads as another one."""


def one_line(text: str) -> str:
    """A text in one line, as it is kept: runs of spaces one space, none at the ends, no signs that can't be seen."""
    return " ".join((text if text.isprintable() else text.translate(_NEVER_TYPED)).split())
