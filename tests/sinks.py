"""Real receivers on this machine for what the product sends: an SMTP server and what it took."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from types import TracebackType
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Mail:
    """One message as the server took it; it is read once, however often a test looks at it."""

    to: tuple[str, ...]
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        """The plain words of the message."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())


class SmtpSink:
    """Takes mail; `rcpt` and `data` are its answers, `coming` those to the data of the next messages before `data`.

    To the data it may also 'drop' (keep the message and hang up) or be 'silent' (keep it and never answer). What it
    answers with 4xx or 5xx it does not keep. `pause` is how many seconds it takes to answer.
    """

    def __init__(self, port: int | None = None) -> None:
        self.taken: list[Mail] = []
        self.rcpt, self.data = "250 OK", "250 taken"
        self.coming: list[str] = []
        self.pause = 0.0
        self.port = port or free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> SmtpSink:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[Mail]:
        """What was taken for one address, oldest first."""
        return [mail for mail in self.taken if address in mail.to]

    async def handle_RCPT(  # noqa: N802 (the server's name for it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.coming.pop(0) if self.coming else self.data
        if not answer.startswith(("4", "5")):
            self.taken.append(Mail(tuple(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        await asyncio.sleep(self.pause)
        if answer == "drop":
            cast("asyncio.Transport", server.transport).abort()
        elif answer == "silent":
            await asyncio.sleep(3600)  # ends when the sender hangs up
        return answer
