"""Steps are found, added, changed, moved and removed wherever they stand; a path that leads nowhere changes nothing."""

from __future__ import annotations

import pytest

from crm_app.scenarios.paths import Steps, moved, place_of, with_other, with_step, without

A, B, C = ({"do": "comment", "asked": {"text": name}} for name in "abc")
BRANCH = {"do": "branch", "asked": {}, "then": [A, B], "otherwise": []}
STEPS: Steps = [C, BRANCH]


def test_a_step_is_found_where_it_stands() -> None:
    found = place_of(STEPS, "1.then.1")
    assert found is not None
    assert found[0][found[1]] == B


def test_steps_are_added_changed_moved_and_removed_without_touching_what_was() -> None:
    assert with_step(STEPS, "", A) == [C, BRANCH, A]
    assert with_step(STEPS, "1.otherwise", C)[1]["otherwise"] == [C]
    assert with_other(STEPS, "1.then.0", C)[1]["then"] == [C, B]
    assert moved(STEPS, "1.then.1", -1)[1]["then"] == [B, A]
    assert without(STEPS, "1") == [C]
    assert STEPS == [C, BRANCH]


@pytest.mark.parametrize(
    "path", ["", "7", "-1", "0.then.0", "1.asked.0", "1.do.0", "1.then", "1.then.9", "x.y", "1..0"]
)
def test_a_path_that_leads_nowhere_changes_nothing(path: str) -> None:
    assert place_of(STEPS, path) is None
    assert without(STEPS, path) == moved(STEPS, path, 1) == with_other(STEPS, path, A) == STEPS


@pytest.mark.parametrize("way", ["7.then", "0.then", "1.asked", "1", "x"])
def test_a_way_that_is_none_takes_no_step(way: str) -> None:
    assert with_step(STEPS, way, A) == STEPS
