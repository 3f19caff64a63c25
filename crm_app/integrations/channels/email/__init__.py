"""E-mail over SMTP, as CRM_SMTP_URL says."""

from .channel import EmailChannel

PLUGIN = EmailChannel()
