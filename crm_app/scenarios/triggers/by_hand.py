"""Somebody starts it on a card."""

from __future__ import annotations

from crm_app.scenarios.triggers import Trigger

PLUGIN = Trigger("by_hand")
