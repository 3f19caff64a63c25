"""The job that runs what follows from a fact: once, in one transaction with the note that it ran."""

from __future__ import annotations

from crm_app.core.actor import SYSTEM
from crm_app.core.door import Tx, action, perform
from crm_app.core.events import REACTIONS, Fact, FactRow
from crm_app.core.jobs import Run, job


@action("core.react")
def react(tx: Tx, run: Run) -> None:
    """Run one reaction to one fact."""
    row = tx.need(FactRow, run.arguments["fact_id"])
    follows = REACTIONS.get(run.arguments["reaction"])
    if follows is not None:  # a reaction that was taken out of the code since then
        tx.cause = row
        follows(tx, Fact.restore(row))
    run.finish(tx)


@job("core.react")
def react_job(run: Run) -> None:
    perform(SYSTEM, react, run=run)
