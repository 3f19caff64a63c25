"""The worker's job for samples."""

from __future__ import annotations

from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Run, job
from crm_app.demo.actions import fill_with_samples
from crm_app.demo.scene import Recipe
from crm_app.demo.words import words_of

SAMPLE_CLIENTS, SAMPLE_DEALS, SAMPLE_SEED = 300, 120, 1


@job("demo.samples")
def fill_job(run: Run) -> None:
    """Fill a new company with a small story, in one transaction: all of it is there, or nothing."""
    locale = run.arguments["locale"]
    recipe = Recipe(SAMPLE_CLIENTS, SAMPLE_DEALS, SAMPLE_SEED, locale, tag=words_of(locale)["sample_tag"])
    administrator_id = run.arguments["administrator_id"]
    today = clock.now().date()
    perform(SYSTEM, fill_with_samples, run=run, recipe=recipe, today=today, administrator_id=administrator_id)
