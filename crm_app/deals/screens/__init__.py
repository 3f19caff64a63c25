"""The pages of deals: the board, the list and the card."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.bulk_state import BulkAtWork
from crm_app.cards.screens.custom_state import CustomFields
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.followers_state import CardFollowers
from crm_app.cards.screens.groups import CardGroups
from crm_app.cards.screens.history import shape_fields
from crm_app.cards.screens.links_state import CardLinks
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.deals.screens.approvals_page import approvals_page
from crm_app.deals.screens.approvals_state import DealApprovals, WaitingApprovals
from crm_app.deals.screens.board_page import board_page
from crm_app.deals.screens.board_state import Board
from crm_app.deals.screens.client_panel import client_deals_panel
from crm_app.deals.screens.deal_page import deal_page
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.deals.screens.items_state import DealItems
from crm_app.deals.screens.list_page import deals_page
from crm_app.deals.screens.list_state import DealList
from crm_app.deals.screens.plans_state import DealPlans
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/deals", board_page, [Board.opened, ListFilter.opened, ListShelf.opened], "deals.title"),
    Page(
        "/deals/list",
        deals_page,
        [DealList.opened, ListFilter.opened, ListShelf.opened, BulkAtWork.opened],
        "deals.title",
    ),
    Page("/deals/approvals", approvals_page, WaitingApprovals.opened, "deals.approvals.title"),
    Page(
        "/deals/[deal_id]",
        deal_page,
        [
            OneDeal.opened,
            DealApprovals.opened,
            CustomFields.opened,
            DealItems.opened,
            DealPlans.opened,
            CardPanels.opened,
            CardGroups.opened,
            CardFollowers.opened,
            CardLinks.opened,
        ],
        "deals.title",
    ),
]

shape_fields("deal", amount="money")
add_entry(MenuEntry("deals.title", "kanban", "/deals", "deal.see"))
add_creation(Creation("deals.new", "kanban", "/deals?new=1", "deal.create"))
add_panel("client", client_deals_panel)
