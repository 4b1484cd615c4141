"""Alerts by e-mail: one message a parcel, in plain text and HTML, through the operator's server.

A message has an id made from its parcel's, so that one that is sent again after a crash is known
again by mail systems that look; what follows on an alert refers to the message before it, so that
mail programs show both as one thread. All headers are made from single lines without control signs.

RFC 5322, RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), RFC 3207 (STARTTLS).
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from streams.channels import ChannelError, Delivered, NotDelivered, Outcome, Parcel
from streams.channels.messages import as_html, as_text, title
from streams.channels.ways import MailServer, Ways
from streams.core import wording

TOTAL_S = 25.0
_STEP_S = 15.0
_QUIT_S = 2.0

Now = Callable[[], datetime]


class MailChannel:
    """Mail to one address, with a connection for each message.

    Raises `ChannelError` where the service has no mail server, or cannot speak TLS to it.
    """

    def __init__(
        self,
        target: str,
        ways: Ways,
        *,
        now: Now = lambda: datetime.now(UTC),
        total_s: float = TOTAL_S,
    ) -> None:
        if ways.mail is None:
            raise ChannelError(
                "there is no mail server: set DRAGOMAN_SMTP_HOST and DRAGOMAN_SMTP_SENDER"
            )
        self._target, self._ways, self._server = target, ways, ways.mail
        self._now, self._total_s = now, total_s
        self._tls = _tls(self._server)

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Delivered when the server has taken it; what becomes of it later nobody tells us."""
        letter = message(parcel, self._target, self._ways, self._server.sender, self._now())
        client = self._client()
        try:
            async with asyncio.timeout(self._total_s):
                await client.connect()
                await client.sendmail(self._server.sender, [self._target], letter.as_bytes())
        except SMTPAuthenticationError as error:
            return NotDelivered(f"the mail server refuses user and password ({error.code})")
        except SMTPRecipientsRefused as error:
            return self._answered(error.recipients[0])
        except SMTPResponseException as error:
            return self._answered(error)
        except TimeoutError:
            return NotDelivered(f"the mail server does not answer within {self._total_s:g} s")
        except (SMTPException, OSError, ValueError) as error:
            return NotDelivered(_failed(error))
        else:
            with suppress(SMTPException, OSError, TimeoutError):
                # It has the message: how it says goodbye changes nothing.
                async with asyncio.timeout(_QUIT_S):
                    await client.quit()
            return Delivered()
        finally:
            client.close()

    async def close(self) -> None:
        """Does nothing: no connection is kept."""

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=_domain(server.sender),
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._tls,
            timeout=min(_STEP_S, self._total_s),
        )

    def _answered(self, error: SMTPResponseException) -> NotDelivered:
        """In the server's words, which may repeat what it was sent."""
        words = str(error.message)
        for secret in (self._server.password, self._server.user, self._target):
            words = words.replace(secret, "…") if secret else words
        said = wording.seen(wording.shorten(words, 200))
        return NotDelivered(f"the mail server answers {error.code}: {said}")


def message(
    parcel: Parcel, target: str, ways: Ways, sender: str, written_at: datetime
) -> EmailMessage:
    """The letter. The same parcel gives the same one but for its date."""
    domain, desk = _domain(sender), parcel.subscription.id
    letter = EmailMessage(policy=SMTP_LINES)
    letter["From"] = Address("Dragoman", addr_spec=sender)
    letter["To"] = Address(addr_spec=target)
    # The library reads encoded words in what it is given, and writes what they hide as it is: a
    # name with one in it would make headers of its own.
    letter["Subject"] = title(parcel, ways).replace("=?", "= ?")
    letter["Date"] = written_at
    letter["Message-ID"] = _message_id(parcel.id, desk, domain)
    if len(parcel.items) == 1 and parcel.items[0].before is not None:
        before = _message_id(parcel.items[0].before.id, desk, domain)
        # What came before may have come in a digest, under another id; the subject's stays.
        subject = _message_id(parcel.items[0].event.data.subject, desk, domain)
        letter["In-Reply-To"] = before
        letter["References"] = f"{subject} {before}"
    letter["List-Id"] = f"<{desk}.dragoman.{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(as_text(parcel, ways), cte="quoted-printable")
    letter.add_alternative(as_html(parcel, ways), subtype="html", cte="quoted-printable")
    return letter


def _message_id(of: str, subscription: str, domain: str) -> str:
    return f"<{re.sub(r'[^A-Za-z0-9]+', '-', of)}.{subscription}@{domain}>"


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _tls(server: MailServer) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise ChannelError(
            f"the certificates in {server.ca_file} cannot be used: "
            f"{error.strerror or 'they are not in PEM'}. Set DRAGOMAN_SMTP_CA_FILE to others."
        ) from error


def _failed(error: Exception) -> str:
    """Why there was no answer, without what was sent."""
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "the mail server's certificate is not valid"
    if isinstance(cause, ssl.SSLError):
        return "the mail server does not speak TLS: look at DRAGOMAN_SMTP_SECURITY"
    if isinstance(cause, OSError) and cause.strerror:
        return f"no connection to the mail server: {cause.strerror}"
    if "STARTTLS" in str(error):
        return "the mail server offers no STARTTLS: look at DRAGOMAN_SMTP_SECURITY"
    return f"the mail server cannot be spoken to: {type(error).__name__}"
