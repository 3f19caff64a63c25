"""Libraries that others take wherever they find them stay away, where nobody needs them."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from crm_app.core import memory


def test_a_library_seems_not_installed_for_the_length_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with memory.without("wave", "json"):
        with pytest.raises(ImportError):
            import_module("wave")
        assert import_module("json") is sys.modules["json"], "it was in use before"
    assert import_module("wave") and import_module("json")


def test_it_is_back_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with pytest.raises(KeyError), memory.without("wave"):
        raise KeyError
    assert import_module("wave")


def test_a_hollow_module_has_every_name_for_the_length_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with memory.hollow("wave"):
        from wave import anything  # type: ignore[attr-defined]

        assert anything is None
    assert import_module("wave").open
