"""What becomes of a change of many cards.

    running → done → undoing → undone        stopped: by its owner, what is done stays; failed: with a reason

A stopped or failed one is taken back like one that is done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_app.core.errors import RuleBroken

RUNNING, DONE, STOPPED, FAILED, UNDOING, UNDONE = "running", "done", "stopped", "failed", "undoing", "undone"
AT_WORK = (RUNNING, UNDOING)
"""States in which the worker has the change."""

CHANGED, SAME, NOT_YOURS, GONE, REFUSED = "changed", "same", "not_yours", "gone", "refused"
"""Outcomes of a card: changed; it was so already; not the actor's to change; not there any more, or not for them;
a rule of the business said no."""
TAKEN, LEFT = "taken", "left"
"""Outcomes of taking back: it is as it was before; left alone."""
SINCE = "since"
"""Why a card is left alone, beside GONE and NOT_YOURS: somebody has changed the same thing on it since."""

VIA = "bulk"
"""By what door facts of such changes come, and of their taking back."""
BATCH = 500
"""Cards of one transaction: a click that waits for the write lock does not feel it. So many are also done at once."""
PART = 5_000
"""Cards of one row that holds which were chosen."""
KEPT = timedelta(hours=24)
"""For so long a change can be taken back."""


def check_running(state: str) -> None:
    """Raises RuleBroken for a change that can't be stopped, since it is over."""
    if state not in AT_WORK:
        raise RuleBroken("cards.bulk.error.over")


def check_undo(state: str, undo_until: datetime | None, now: datetime) -> None:
    """Raises RuleBroken for a change that can't be taken back: at work, taken back already, or forgotten."""
    if state in AT_WORK:
        raise RuleBroken("cards.bulk.error.at_work")
    if state == UNDONE:
        raise RuleBroken("cards.bulk.error.undone")
    if undo_until is None or now > undo_until:
        raise RuleBroken("cards.bulk.error.too_late")
