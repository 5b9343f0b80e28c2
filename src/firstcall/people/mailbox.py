"""Django's way to send mail, turned into jobs: no page waits for a mail server, and no mail is lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from firstcall.deliver.commands.job import plan_job
from firstcall.kernel import clock
from firstcall.kernel.ids import new_token


class JobBackend(BaseEmailBackend):
    """Plans one job for each recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                for address in message.recipients():
                    plan_job(
                        "people.account_mail",
                        key=f"account-mail:{new_token()}",
                        now=clock.now(),
                        payload={"to": address, "subject": message.subject, "text": str(message.body)},
                    )
        return len(email_messages)
