"""The features, lowest first: importing them registers their tables, policies, abilities, reactions and jobs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

FEATURES = (
    "access",
    "worktime",
    "cards",
    "duplicates",
    "clients",
    "pipelines",
    "contacts",
    "deals",
    "messages",
    "leads",
    "tasks",
    "mailings",
    "intake",
    "portal",
    "approvals",
    "scenarios",
    "demo",
)
MENU = (
    "leads",
    "contacts",
    "clients",
    "duplicates",
    "deals",
    "tasks",
    "mailings",
    "portal",
    "pipelines",
    "scenarios",
    "intake",
    "worktime",
    "cards",
    "access",
)
"""The order in which their pages stand in the menu."""
ROOMS = ("models", "policy", "events", "queries", "export", "actions", "merging", "reactions", "jobs")
"""The modules of a feature that must be imported for it to work; each is optional."""


def load() -> None:
    """Import what every process needs: web, worker and command line alike. No Reflex in here."""
    import_module("crm_app.core.reactions")
    import_module("crm_app.core.core_policy")
    for feature in FEATURES:
        for room in ROOMS:
            name = f"crm_app.{feature}.{room}"
            if find_spec(name) is not None:
                import_module(name)
