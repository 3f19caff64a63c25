"""What leads have become, when that is made one with another card."""

from __future__ import annotations

from crm_app.duplicates.ties import tie
from crm_app.leads.models import LeadConversion

tie(LeadConversion, "contact_id", card="contact")
tie(LeadConversion, "client_id", card="client")
