"""The way of a deal through its pipeline: where it ends, how long it stayed where, drawn before it is born."""

from __future__ import annotations

from dataclasses import dataclass

from crm_app.demo.firms import YEAR
from crm_app.demo.scene import Way
from crm_app.demo.words import Chance
from crm_app.pipelines.models import Stage

_USUAL_STAY = 10
"""Days in a stage that sets no limit."""


@dataclass(frozen=True)
class Stop:
    """A stage that a deal entered, so many days before today."""

    stage: Stage
    days_ago: float


@dataclass(frozen=True)
class Journey:
    """Every stage that a deal entered, in order; the last is where it is."""

    way: Way
    stops: tuple[Stop, ...]

    @property
    def here(self) -> Stage:
        return self.stops[-1].stage

    @property
    def born(self) -> float:
        """Days before today."""
        return self.stops[0].days_ago

    def begun_before(self, days_ago: float) -> Journey:
        """The same journey, slower on its way where it would have begun later than that."""
        last = self.stops[-1].days_ago
        if self.born >= days_ago or len(self.stops) == 1:
            return self
        factor = (days_ago - last) / (self.born - last)
        stops = (Stop(stop.stage, last + (stop.days_ago - last) * factor) for stop in self.stops)
        return Journey(self.way, tuple(stops))

    @property
    def required(self) -> set[str]:
        """What the stages on the way have asked for."""
        return {name for stop in self.stops for name in stop.stage.required_fields}


def draw(way: Way, chance: Chance) -> Journey:
    """A journey as they usually are: a third is won, a quarter lost, a few wait, the rest is under way."""
    fate = chance.random()
    if fate < 0.32 and way.won:
        return travel(way, chance, len(way.steps) - 1, way.won, chance.between(1, YEAR - 150))
    reached = _how_far(way, chance)
    if fate < 0.56 and way.lost:
        return travel(way, chance, reached, way.lost, chance.between(1, YEAR - 150))
    if fate < 0.61 and way.hold:
        return travel(way, chance, reached, way.hold, chance.between(3, 40))
    return travel(way, chance, reached, None, 0)


def _how_far(way: Way, chance: Chance) -> int:
    """An early stage rather than a late one."""
    return min(int(chance.random() ** 1.4 * len(way.steps)), len(way.steps) - 1)


def travel(way: Way, chance: Chance, reached: int, end: Stage | None, days_ago: float, stay_days: float = 0) -> Journey:
    """From the first stage to one that was reached, and on to an end that was entered so many days ago.

    Without an end the deal is in the stage reached: for stay_days, or for as long as chance will have it.
    """
    stays = [_stay(stage, chance) for stage in way.steps[: reached + 1]]
    if end is None:
        stays[-1] = stay_days or _last_stay(way.steps[reached], chance)
    stops = [Stop(end, days_ago)] if end else []
    moment = days_ago
    for stage, stay in zip(reversed(way.steps[: reached + 1]), reversed(stays), strict=True):
        moment += stay
        stops.append(Stop(stage, moment))
    return Journey(way, tuple(_within_a_year(list(reversed(stops)))))


def _within_a_year(stops: list[Stop]) -> list[Stop]:
    """The same journey, made faster where it would have begun before there were any clients."""
    longest = YEAR - 10
    if stops[0].days_ago <= longest:
        return stops
    return [Stop(stop.stage, stop.days_ago * longest / stops[0].days_ago) for stop in stops]


def _stay(stage: Stage, chance: Chance) -> float:
    return (stage.rot_days or _USUAL_STAY) * chance.between(0.1, 0.9)


def _last_stay(stage: Stage, chance: Chance) -> float:
    """How long a deal has been where it is: one of six has been there for too long."""
    limit = stage.rot_days or _USUAL_STAY
    return limit * chance.between(1.1, 2.2) if chance.happens(0.16) else 0.1 + limit * chance.between(0, 0.85)
