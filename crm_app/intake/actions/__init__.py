"""What can be done with the ways by which leads come in: one file per ability."""

from crm_app.intake.actions import distribution, enquiries, forms, pool

__all__ = ["distribution", "enquiries", "forms", "pool"]
