"""What is asked about scenarios and their runs."""

from crm_app.scenarios.queries import choices, runs, scenarios

__all__ = ["choices", "runs", "scenarios"]
