"""What can be done with mailings: one file per ability."""

from crm_app.mailings.actions import delivering, drafts, running, senders, suppressions, testing

__all__ = ["delivering", "drafts", "running", "senders", "suppressions", "testing"]
