"""A deal was added."""

from __future__ import annotations

from crm_app.deals.events import DealAdded
from crm_app.scenarios.triggers import Trigger

PLUGIN = Trigger("card_created", (DealAdded,))
