"""The pages of scenarios."""

from crm_app.access.screens.base import Page
from crm_app.scenarios.screens.card_panel import deal_scenarios_panel
from crm_app.scenarios.screens.editor_page import editor_page
from crm_app.scenarios.screens.editor_state import ScenarioEditor
from crm_app.scenarios.screens.list_page import list_page
from crm_app.scenarios.screens.list_state import Scenarios
from crm_app.scenarios.screens.runs_state import ScenarioRuns
from crm_app.ui.menu import add_setting
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/settings/scenarios", list_page, Scenarios.opened, "scenarios.title"),
    Page(
        "/settings/scenarios/[scenario_id]",
        editor_page,
        [ScenarioEditor.opened, ScenarioRuns.opened],
        "scenarios.title",
    ),
]

add_setting("scenarios.title", "zap", "/settings/scenarios", "scenario.manage", about="scenarios.about")
add_panel("deal", deal_scenarios_panel)
