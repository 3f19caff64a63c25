"""What can be done with the ways by which leads come in: one file per ability."""

from crm_app.intake.actions import enquiries, forms

__all__ = ["enquiries", "forms"]
