"""What follows from what happened to contacts: those who follow them are told."""

from __future__ import annotations

from crm_app.cards.followed import of_change, of_removal
from crm_app.cards.reactions import tell_followers_of
from crm_app.contacts.events import ContactChanged, ContactRemoved

tell_followers_of("contact", {ContactChanged: of_change, ContactRemoved: of_removal})
