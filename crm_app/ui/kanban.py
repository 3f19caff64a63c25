"""A board: columns of cards that are dragged by mouse, touch and keyboard, or moved by a menu (M, or ⋯ on the card).

    kanban(
        columns=Board.columns,             # list of columns, see below; sent once, and again with a new `generation`
        generation=Board.generation,
        patch=Board.patch,                 # {"number", "columns": [only those that changed]}: other people's moves
        verdicts=Board.verdicts,           # the last few {"drop_id", "ok"}
        moves=Board.moves,                 # {"card_id", "stages": {stage_id: {"drop", "reason"}}}, answers on_lift
        rule=Board.rule,                   # "strict" (only the next stage) or "free": shown before `moves` come
        card=lambda card: …, card_type=DealCard,          # has id, title, amount; return_to for one on hold
        head=lambda column: …, column_type=DealColumn,    # has id, title, kind, position, count, sum, cards
        on_lift=Board.deal_lifted,         # (card_id)
        on_move=Board.deal_dropped,        # (drop_id, card_id, from_stage, to_stage, index): a column marked free
        on_needs=Board.deal_needs,         # the same five: a column marked needs or approval
        on_more=Board.more_wanted,         # (stage_id): put the column with more cards into `patch`
        on_open=Board.deal_opened,         # (card_id)
        nothing=t("deals.nothing_yet"),    # said in the first column while no column has a card
        on_missed=Board.patch_missed,      # (generation): a patch went past the browser; a new generation, please
    )

A column of a patch has `order`, the ids of its cards, and in `cards` only those that the browser does not hold as they
are. Patches are numbered from 1 in each generation: two that come at once are seen as one, and then all is asked for.

A drop is on screen at once, with counts and sums. It stays only when a verdict says ok; with "ok": False the card
is back on its exact place. A handler answers every drop_id, also one that comes twice (after a lost connection):
then `from_stage` tells whether the card still is where the person saw it. Columns of kind "won", "lost" and "hold"
are zones at the foot while a card is in the air; with `shown` they stand beside the others. A column may say `asks`
("needs" or "approval") for the quick rule. A drop on a "no" never reaches the server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import reflex as rx

from crm_app.ui.i18n import t
from crm_app.ui.render import kept, render_fn

_PARTS = ("kanban_model.js", "kanban_drops.js", "kanban_parts.jsx", "kanban_menu.jsx")
for _part in _PARTS:
    rx.asset(_part, shared=True)


class Verdict(TypedDict):
    """Whether a drop holds."""

    drop_id: str
    ok: bool


class Mark(TypedDict):
    """What a drop on a stage would mean, and why."""

    drop: str
    reason: str


class Moves(TypedDict):
    """Marks of every stage for one card, by the stage's id as text."""

    card_id: int
    stages: dict[str, Mark]


def _drop_spec(drop_id: Any, card_id: Any, from_stage: Any, to_stage: Any, index: Any) -> list[Any]:
    return [drop_id, card_id, from_stage, to_stage, index]


class Kanban(rx.NoSSRComponent):
    """The JavaScript face."""

    library = rx.asset("kanban.jsx", shared=True).importable_path
    tag = "Kanban"
    lib_dependencies: list[str] = ["@hello-pangea/dnd@18.0.1"]

    columns: rx.Var[Any]
    generation: rx.Var[int]
    patch: rx.Var[Any]
    verdicts: rx.Var[list[Verdict]]
    moves: rx.Var[Moves]
    rule: rx.Var[str]
    kind: rx.Var[str]
    nothing: rx.Var[str]
    labels: rx.Var[dict[str, str]]
    render_head: rx.Var[Any]
    render_card: rx.Var[Any]
    on_lift: rx.EventHandler[lambda card_id: [card_id]]
    on_move: rx.EventHandler[_drop_spec]
    on_needs: rx.EventHandler[_drop_spec]
    on_more: rx.EventHandler[lambda stage_id: [stage_id]]
    on_open: rx.EventHandler[lambda card_id: [card_id]]
    on_missed: rx.EventHandler[lambda generation: [generation]]


def kanban(
    *,
    card: Callable[[Any], rx.Component],
    card_type: type,
    head: Callable[[Any], rx.Component],
    column_type: type,
    **props: Any,
) -> rx.Component:
    """A board; see the module."""
    return Kanban.create(
        render_card=render_fn(card, card_type, "card"),
        render_head=render_fn(head, column_type, "column"),
        labels=kept(_labels()),
        **props,
    )


def column_head(title: Any, count: Any, total: Any) -> rx.Component:
    """The usual head: name, count, sum."""
    return rx.el.div(
        rx.el.h2(title, class_name="cut"),
        rx.el.div(
            rx.el.span(count, class_name="kb-count"), rx.el.span(total, class_name="kb-sum"), class_name="line gap-s"
        ),
        class_name="kb-title",
    )


def remember_verdict(verdicts: list[Verdict], drop_id: str, ok: bool) -> list[Verdict]:
    """The list with one more verdict: the last twenty are enough for the fastest hand."""
    return [*verdicts[-19:], {"drop_id": drop_id, "ok": ok}]


def _labels() -> dict[str, Any]:
    words = (
        "role",
        "usage",
        "lifted",
        "over",
        "nowhere",
        "dropped",
        "put_back",
        "move",
        "more",
        "no",
        "needs",
        "approval",
        "unsaved",
    )
    marks = ("drop_free", "drop_needs", "drop_approval", "drop_no")
    return {word: t(f"ui.kanban.{word}") for word in (*words, *marks)}
