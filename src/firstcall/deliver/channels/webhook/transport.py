"""Sends a parcel by POST. The key goes out as `webhook-id` (Standard Webhooks) and `Idempotency-Key` (IETF draft)."""

from __future__ import annotations

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.kinds import Parcel, Refusal, Sent
from firstcall.deliver.transport import Transport, Unreachable


class WebhookChannel:
    """One a process; its kept connections serve all threads."""

    honours_key = True

    def __init__(self, transport: Transport | None = None) -> None:
        self._transport = transport or Transport()

    def send(self, parcel: Parcel) -> Sent | Refusal:
        """2xx is taken; 410 and an address we would never ask are final; everything else may be tried again."""
        headers = {
            "content-type": "application/json", "user-agent": "Firstcall", "webhook-id": parcel.key,
            "idempotency-key": parcel.key, **parcel.headers,
        }  # fmt: skip
        try:
            answer = self._transport.ask("POST", parcel.to, headers=headers, body=parcel.body)
        except Unreachable as error:
            if error.for_good:
                return Refusal(str(error))
            raise Failed(str(error), maybe_arrived=not error.before_sending) from error
        if 200 <= answer.status < 300:
            return Sent(f"{answer.status}")
        if answer.status == 410:
            return Refusal("The receiver answered 410: it is gone for good.")
        raise Failed(f"The receiver answered {answer.status}.")
