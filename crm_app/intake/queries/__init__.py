"""What can be asked of the ways by which leads come in."""

from crm_app.intake.queries import distribution, forms, naming

__all__ = ["distribution", "forms", "naming"]
