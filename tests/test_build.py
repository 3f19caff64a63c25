"""When the page has to be built anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_app import build


@pytest.fixture
def built(tmp_path, monkeypatch) -> Path:
    """A folder with sources and a stamp that fits them."""
    for name in ("crm_app/deals/rules.py", "crm_app/ui/board.jsx", "crm_app/ui/texts/ru.json", "assets/logo.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    for name in ("rxconfig.py", "requirements.txt", "reflex.lock/bun.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.chdir(tmp_path)
    build.STAMP.parent.mkdir(parents=True)
    build.stamp(build.sources_digest())
    return tmp_path


def test_a_page_is_fresh_while_nothing_has_changed(built):
    (built / "crm_app/deals/rules.py").touch()
    (built / "README.md").write_text("words")

    assert build.is_fresh()


@pytest.mark.parametrize(
    "name",
    ["crm_app/deals/rules.py", "crm_app/ui/board.jsx", "crm_app/ui/texts/ru.json", "assets/logo.svg", "rxconfig.py"],
)
def test_a_changed_source_asks_for_a_build(built, name):
    (built / name).write_text("2")

    assert not build.is_fresh()


def test_a_new_a_renamed_and_a_locked_file_ask_for_a_build(built):
    (built / "crm_app/deals/actions.py").write_text("")
    assert not build.is_fresh()

    (built / "crm_app/deals/actions.py").unlink()
    (built / "crm_app/ui/board.jsx").rename(built / "crm_app/ui/kanban.jsx")
    assert not build.is_fresh()

    (built / "crm_app/ui/kanban.jsx").rename(built / "crm_app/ui/board.jsx")
    assert build.is_fresh()
    (built / "reflex.lock/bun.lock").write_text("2")
    assert not build.is_fresh()


def test_a_page_that_was_thrown_away_asks_for_a_build(built):
    build.STAMP.unlink()

    assert not build.is_fresh()
