"""The list of licences is of what is locked today."""

from __future__ import annotations

from tests.architecture import licences


def test_the_list_of_licences_is_of_today() -> None:
    assert licences.TARGET.read_text(encoding="utf-8") == licences.page(), "run `python -m tests.architecture.licences`"


def test_no_licence_forbids_shipping() -> None:
    strict = [name for name, _, licence in licences.python_packages() if licence.startswith(("GPL", "AGPL"))]
    assert strict == []
