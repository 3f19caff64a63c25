"""Folders with a PLUGIN are found, others are passed over."""

import sys

import pytest

from crm_app.core.plugins import discover

PLUGIN = """
class Plugin:
    key = "{key}"
PLUGIN = Plugin()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes packages below one importable package."""
    monkeypatch.syspath_prepend(str(tmp_path))
    parent = tmp_path / f"plugins_of_{tmp_path.name}"
    parent.mkdir()
    (parent / "__init__.py").write_text("")

    def add(name: str, code: str) -> str:
        (parent / name).mkdir()
        (parent / name / "__init__.py").write_text(code)
        return parent.name

    yield add
    for name in [name for name in sys.modules if name.partition(".")[0] == parent.name]:
        del sys.modules[name]


def test_plugins_are_found_by_key_in_the_order_of_their_folders(folder):
    folder("zebra", PLUGIN.format(key="first"))
    package = folder("ant", PLUGIN.format(key="second"))
    assert list(discover(package)) == ["second", "first"]


def test_a_folder_without_plugin_is_passed_over(folder):
    folder("contract", "HELP = 1")
    package = folder("ant", PLUGIN.format(key="ant"))
    assert list(discover(package)) == ["ant"]


def test_two_plugins_of_one_key_stop_the_start(folder):
    folder("ant", PLUGIN.format(key="same"))
    package = folder("bee", PLUGIN.format(key="same"))
    with pytest.raises(AssertionError, match="same"):
        discover(package)


def test_a_plugin_that_cannot_be_imported_stops_the_start(folder):
    package = folder("ant", "import a_module_that_is_not_there")
    with pytest.raises(ModuleNotFoundError):
        discover(package)


def test_email_is_a_plugin():
    assert "email" in discover("crm_app.integrations.channels")
