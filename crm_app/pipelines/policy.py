"""Who sees pipelines (every employee) and who arranges them."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.core.policy import employees, holders, policy
from crm_app.pipelines.models import Pipeline, PipelineVersion, Stage

grant("pipeline.change", head="all")

policy(Pipeline, see=employees, change=holders("pipeline.change"))
policy(Stage, see=employees, change=holders("pipeline.change"))
policy(PipelineVersion, see=employees, change=holders("pipeline.change"))
