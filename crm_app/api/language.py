"""Which language a program asks to be answered in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def preferred(header: str, spoken: Sequence[str]) -> str:
    """The best of the spoken languages by an Accept-Language header, "" where it asks for none of them."""
    wanted = sorted(_weighed(header.split(",")), key=lambda pair: -pair[0])
    return next((language for weight, language in wanted if weight > 0 and language in spoken), "")


def _weighed(parts: Iterable[str]) -> Iterable[tuple[float, str]]:
    for part in parts:
        name, _, weight = part.partition(";q=")
        try:
            yield float(weight or 1), name.strip()[:2].lower()
        except ValueError:
            continue
