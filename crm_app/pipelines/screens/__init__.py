"""The pages of pipelines."""

from crm_app.access.screens.base import Page
from crm_app.pipelines.screens.access_state import PipelineAccess
from crm_app.pipelines.screens.approvals_state import ApprovalRules
from crm_app.pipelines.screens.editor_page import editor_page
from crm_app.pipelines.screens.editor_state import PipelineEditor
from crm_app.pipelines.screens.pipelines_page import pipelines_page
from crm_app.pipelines.screens.pipelines_state import Pipelines
from crm_app.pipelines.screens.rights_state import StageRights
from crm_app.ui.menu import add_setting

PAGES = [
    Page("/pipelines", pipelines_page, Pipelines.opened, "pipelines.title"),
    Page(
        "/pipelines/[pipeline_id]",
        editor_page,
        [PipelineEditor.opened, ApprovalRules.opened, PipelineAccess.opened, StageRights.opened],
        "pipelines.title",
    ),
]

add_setting("pipelines.title", "workflow", "/pipelines", "pipeline.change", about="pipelines.about")
