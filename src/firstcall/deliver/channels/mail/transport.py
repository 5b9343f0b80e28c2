"""Sends a parcel by SMTP (RFC 5321), as composed by `form.py`."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

import dj_email_url
from django.conf import settings

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.channels.mail.form import compose
from firstcall.deliver.kinds import Parcel, Refusal, Sent
from firstcall.kernel import clock

SECONDS = 10.0


def server() -> dict[str, Any]:
    """The mail server as EMAIL_URL names it; empty without one."""
    url = settings.ENV["EMAIL_URL"]
    return dict(dj_email_url.parse(url)) if url else {}


class MailChannel:
    """A connection a message: a page is rare, and a kept connection that died unseen would make its fate unclear."""

    honours_key = False

    def send(self, parcel: Parcel) -> Sent | Refusal:
        """A 5xx to the recipient is final; silence after the data may have arrived; all else is tried again."""
        where = server()
        if not where:
            raise Failed("No mail server is set: give EMAIL_URL.")
        message = compose(
            parcel, sender=settings.ENV["FIRSTCALL_MAIL_FROM"], base_url=settings.BASE_URL, now=clock.now()
        )
        try:
            smtp = self._connect(where)
        except (OSError, smtplib.SMTPException) as error:
            raise Failed(f"The mail server can't be reached: {error}") from error
        try:
            return self._hand_over(smtp, parcel, message.as_bytes(), sender=str(message["From"]))
        finally:
            smtp.close()

    @staticmethod
    def _connect(where: dict[str, Any]) -> smtplib.SMTP:
        host, port = where["EMAIL_HOST"], where["EMAIL_PORT"] or 25
        if where["EMAIL_USE_SSL"]:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(host, port, timeout=SECONDS)
            if where["EMAIL_USE_TLS"]:
                smtp.starttls(context=ssl.create_default_context())
        if where["EMAIL_HOST_USER"]:
            smtp.login(where["EMAIL_HOST_USER"], where["EMAIL_HOST_PASSWORD"])
        return smtp

    @staticmethod
    def _hand_over(smtp: smtplib.SMTP, parcel: Parcel, data: bytes, *, sender: str) -> Sent | Refusal:
        address = sender.rsplit("<", 1)[-1].rstrip(">")
        try:
            smtp.ehlo_or_helo_if_needed()
            for code, words in (smtp.mail(address), smtp.rcpt(parcel.to)):
                if 500 <= code < 600:
                    return Refusal(f"The mail server refused {parcel.to}: {code} {words.decode(errors='replace')}")
                if code >= 400:
                    raise Failed(f"The mail server says later: {code} {words.decode(errors='replace')}")
        except (OSError, smtplib.SMTPException) as error:
            raise Failed(f"The mail server broke off: {error}") from error
        try:
            code, words = smtp.data(data)
        except smtplib.SMTPDataError as error:
            raise Failed(f"The mail server refused the message: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Failed(f"The mail server fell silent after the message: {error}", maybe_arrived=True) from error
        if code != 250:
            raise Failed(f"The mail server answered {code} {words.decode(errors='replace')}")
        return Sent(f"{code} {words.decode(errors='replace')}"[:200])
