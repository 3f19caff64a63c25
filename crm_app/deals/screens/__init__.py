"""The pages of deals: the board and the card."""

from crm_app.access.screens.base import Page
from crm_app.deals.screens.board_page import board_page
from crm_app.deals.screens.board_state import Board
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry

PAGES = [Page("/deals", board_page, Board.opened, "deals.title")]

add_entry(MenuEntry("deals.title", "kanban", "/deals", "deal.see"))
add_creation(Creation("deals.new", "kanban", "/deals?new=1", "deal.create"))
