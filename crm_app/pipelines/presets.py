"""The pipelines to start from. Their words are in the dictionaries: pipelines.preset.goods, pipelines.stage.offer."""

from __future__ import annotations

from dataclasses import dataclass

from crm_app.pipelines.rules import FREE, HOLD, LOST, OPEN, STRICT, WON


@dataclass(frozen=True)
class StagePreset:
    """One stage to be. word: the last part of its name's key."""

    word: str
    probability: int
    colour: str = "blue"
    kind: str = OPEN
    required_fields: tuple[str, ...] = ()
    rot_days: int = 0


@dataclass(frozen=True)
class PipelinePreset:
    """One pipeline to be: of which cards, and how long a new lead may wait in it, in minutes."""

    order_rule: str
    stages: tuple[StagePreset, ...]
    card: str = "deal"
    touch_minutes: int = 0


_ENDS = (
    StagePreset("won", 100, "green", WON),
    StagePreset("lost", 0, "red", LOST),
    StagePreset("hold", 20, "grey", HOLD),
)

PRESETS: dict[str, PipelinePreset] = {
    "basic": PipelinePreset(
        FREE,
        (
            StagePreset("new", 10, "blue", rot_days=7),
            StagePreset("work", 30, "teal", rot_days=14),
            StagePreset("agreement", 60, "violet", required_fields=("amount",), rot_days=14),
            StagePreset("payment", 90, "orange", required_fields=("payment_method",), rot_days=10),
            *_ENDS,
        ),
    ),
    "goods": PipelinePreset(
        STRICT,
        (
            StagePreset("interest", 10, "blue", rot_days=7),
            StagePreset("offer", 25, "teal", required_fields=("amount",), rot_days=10),
            StagePreset("talks", 40, "violet", rot_days=14),
            StagePreset("approval", 60, "yellow", rot_days=7),
            StagePreset("invoicing", 75, "orange", required_fields=("payment_method",), rot_days=5),
            StagePreset("payment", 85, "orange", rot_days=10),
            StagePreset("shipment", 95, "green", required_fields=("delivery",), rot_days=14),
            *_ENDS,
        ),
    ),
    "services": PipelinePreset(
        STRICT,
        (
            StagePreset("interest", 10, "blue", rot_days=7),
            StagePreset("measuring", 25, "teal", required_fields=("next_action",), rot_days=7),
            StagePreset("estimate", 40, "violet", required_fields=("amount",), rot_days=7),
            StagePreset("estimate_approval", 60, "yellow", rot_days=10),
            StagePreset("payment", 80, "orange", required_fields=("payment_method",), rot_days=10),
            StagePreset("performance", 90, "green", rot_days=30),
            StagePreset("acceptance", 95, "green", rot_days=14),
            *_ENDS,
        ),
    ),
    "project": PipelinePreset(
        FREE,
        (
            StagePreset("qualification", 5, "blue", rot_days=14),
            StagePreset("survey", 15, "blue", rot_days=30),
            StagePreset("concept", 25, "teal", rot_days=30),
            StagePreset("proposal", 40, "teal", required_fields=("amount",), rot_days=30),
            StagePreset("talks", 55, "violet", rot_days=30),
            StagePreset("contract", 70, "yellow", required_fields=("payment_method",), rot_days=30),
            StagePreset("performance", 85, "orange", rot_days=90),
            StagePreset("acceptance", 95, "green", rot_days=30),
            *_ENDS,
        ),
    ),
    "leads": PipelinePreset(
        FREE,
        (
            StagePreset("came", 10, "blue", rot_days=1),
            StagePreset("contacted", 30, "teal", rot_days=7),
            StagePreset("qualification", 60, "violet", rot_days=14),
            StagePreset("qualified", 100, "green", WON),
            StagePreset("disqualified", 0, "red", LOST),
            StagePreset("postponed", 20, "grey", HOLD),
        ),
        card="lead",
        touch_minutes=60,
    ),
}
