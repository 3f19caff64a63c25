"""The list of licences is of what is locked today."""

from __future__ import annotations

import pytest

from tests.architecture import licences


def test_the_list_of_licences_is_of_today() -> None:
    """Where the page has never been built, its packages are not there to say their licence: name and version hold."""
    written, today = (_rows(text) for text in (licences.TARGET.read_text(encoding="utf-8"), licences.page()))
    if not licences.PAGE_PACKAGES.is_dir():
        written, today = ([row[:2] for row in rows] for rows in (written, today))
    assert written == today, "run `python -m tests.architecture.licences`"


def _rows(text: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in text.splitlines()]


@pytest.mark.parametrize("packages", [licences.python_packages, licences.page_packages])
def test_no_licence_forbids_shipping(packages: licences.Packages) -> None:
    strict = [name for name, _, licence in packages() if licence.startswith(("GPL", "AGPL"))]
    assert strict == []
