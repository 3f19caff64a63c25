"""The list of licences is of what is locked today."""

from __future__ import annotations

import pytest

from tests.architecture import licences

ADVICE = "run `python -m tests.architecture.licences` after `make setup`"


def test_the_list_of_licences_is_of_today() -> None:
    """Names and versions always; the licence of a package that is not installed here only its own machine can say."""
    written, today = (_rows(text) for text in (licences.TARGET.read_text(encoding="utf-8"), licences.page()))
    assert [row[:2] for row in written] == [row[:2] for row in today], ADVICE
    known = [pair for pair in zip(written, today, strict=True) if not any(licences.ELSEWHERE in row for row in pair)]
    assert [row for row, _ in known] == [row for _, row in known], ADVICE


def _rows(text: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in text.splitlines()]


@pytest.mark.parametrize("packages", [licences.python_packages, licences.page_packages])
def test_no_licence_forbids_shipping(packages: licences.Packages) -> None:
    strict = [name for name, _, licence in packages() if licence.startswith(("GPL", "AGPL"))]
    assert strict == []
