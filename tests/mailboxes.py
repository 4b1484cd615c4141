"""Mailboxes on loopback whose server takes letters, refuses them for a time or for good, and breaks
off before and after it has taken one."""

import re
import socket
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_LINES
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_ALERT = re.compile(r"<alert-(\w+)\.")


@dataclass(frozen=True)
class Letter:
    """One letter as it came. `is_taken`: whether the server kept it, whatever it said of it."""

    parsed: EmailMessage
    is_taken: bool

    @property
    def id(self) -> str:
        return str(self.parsed["Message-ID"])

    @property
    def alert(self) -> str:
        """Id of the alert it brings."""
        found = _ALERT.match(self.id)
        assert found is not None, self.id
        return f"alert:{found[1]}"

    def but_for_the_date(self) -> tuple[list[tuple[str, str]], str]:
        """Headers and text, which are the same on every try; the marks between parts are not."""
        own = [
            (name, value)
            for name, value in self.parsed.items()
            if name not in ("Date", "Content-Type")
        ]
        text = self.parsed.get_body(("plain",))
        assert text is not None
        return own, str(text.get_content())


@dataclass
class Mailboxes:
    """`{way}@news.example` is answered in the way it is called; what came is in `received`."""

    received: dict[str, list[Letter]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def __enter__(self) -> "Mailboxes":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._server = Controller(self, "127.0.0.1", self.port, enable_SMTPUTF8=False)
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def settings(self) -> dict[str, str]:
        """Of a worker that sends its mail here."""
        return {
            "DRAGOMAN_SMTP_HOST": "127.0.0.1",
            "DRAGOMAN_SMTP_PORT": str(self.port),
            "DRAGOMAN_SMTP_SECURITY": "none",
            "DRAGOMAN_SMTP_SENDER": "alerts@news.example",
        }

    def taken(self, way: str) -> list[Letter]:
        return [each for each in self.received.get(way, []) if each.is_taken]

    def alerts(self, way: str) -> list[str]:
        """Ids of the alerts that were taken, in the order in which they first were."""
        return list(dict.fromkeys(each.alert for each in self.taken(way)))

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        way = address.partition("@")[0]
        if way == "refused":
            self.refused[way] += 1
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        way = address.partition("@")[0]
        parser: Any = BytesParser(policy=SMTP_LINES)
        parsed = cast("EmailMessage", parser.parsebytes(cast("bytes", envelope.content)))
        before = sum(each.id == parsed["Message-ID"] for each in self.received.get(way, []))
        is_taken, answer = self._answer(way, before)
        self.received.setdefault(way, []).append(Letter(parsed, is_taken))
        if answer is None:
            assert server.transport is not None
            server.transport.close()
        return answer or "451 nobody hears this"

    @staticmethod
    def _answer(way: str, before: int) -> tuple[bool, str | None]:
        """Whether a letter is taken that came so many times before, and what is said of it."""
        match way, before:
            case "busy", 0:
                return False, "451 4.7.1 not now"
            case "closing", 0:
                return False, None
            case "taking", 0:
                return True, None
            case _:
                return True, "250 OK"
