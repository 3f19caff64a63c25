"""What a tab weighs that has opened nothing."""

from __future__ import annotations

from collections.abc import Iterator

import reflex as rx
from reflex.state import BaseState

from crm_app.access.screens.frame_state import Frame
from crm_app.ui.reflex_internals import lighten_states

SETS = ("dirty_vars", "dirty_substates")


def tree(state: BaseState) -> Iterator[BaseState]:
    """A State and all below it."""
    yield state
    for below in state.substates.values():
        yield from tree(below)


def has(state: BaseState, name: str) -> bool:
    """Whether a set has been made."""
    try:
        object.__getattribute__(state, name)
    except AttributeError:
        return False
    return True


def test_states_that_nobody_touches_hold_no_sets() -> None:
    lighten_states()
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    assert not [state for state in tree(root) for name in SETS if has(state, name)]
    frame = root.get_substate(Frame.get_full_name().split("."))
    assert isinstance(frame, Frame)
    frame.is_missing = True
    assert root.get_delta() == {Frame.get_full_name(): {"is_missing_rx_state_": True}}
    root._clean()
    assert not frame.dirty_vars and not root.dirty_substates and not root.get_delta()


def test_a_name_that_is_not_there_fails_as_ever() -> None:
    lighten_states()
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    assert not hasattr(root, "no_such_thing")
