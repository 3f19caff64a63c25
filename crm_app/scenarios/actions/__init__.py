"""Arranging scenarios, and running them."""

from crm_app.scenarios.actions import arranging, beginning, running

__all__ = ["arranging", "beginning", "running"]
