"""The place of a deal in its column."""

from __future__ import annotations

from crm_app.deals.models import Deal
from crm_app.pipelines.places import Places

rank_in = Places(Deal).rank_in
