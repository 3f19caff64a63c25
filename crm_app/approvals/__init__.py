"""Approvals outside the application: letters with a link that works once, and the page it opens."""
