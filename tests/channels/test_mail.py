"""The e-mail channel against a mail server that takes, refuses, hangs and breaks off."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_LINES
from pathlib import Path
from typing import Any, cast

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from alert_events import event
from parcels import parcel, subscription

from schemas.alerts import AlertEvent
from streams.channels import Channel, ChannelError, Delivered, NotDelivered, Outcome, Parcel
from streams.channels.addresses import address_fault
from streams.channels.mail import MailChannel, message
from streams.channels.opening import open_channel
from streams.channels.ways import MailServer, Ways
from streams.core.rounds import Item
from tests.channels.channel_contract import ChannelContract, End

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
PASSWORD = "correct-horse"
TARGET = "desk@news.example"


@dataclass(frozen=True)
class Certificates:
    """A server's, and those that say it is sound."""

    server: ssl.SSLContext
    ca_file: Path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    ca_file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    return Certificates(server, ca_file)


@dataclass
class PostOffice:
    """A mail server; `answers` has what it says instead of taking a message, by command."""

    tls: ssl.SSLContext | None = None
    is_tls_from_the_start: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers.get("DATA") == "hang":
            await asyncio.Event().wait()
        if self.answers.get("DATA") == "close":
            assert server.transport is not None
            server.transport.close()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        assert envelope.rcpt_tos == [TARGET]
        parsed = BytesParser(policy=SMTP_LINES).parsebytes(cast("bytes", envelope.content))
        self.letters.append(cast("EmailMessage", parsed))
        if self.answers.get("QUIT") == "close":
            asyncio.get_running_loop().call_soon(server.transport.close)  # type: ignore[union-attr]
        return "250 OK"

    def _login(self, *args: Any) -> AuthResult:
        given = cast("LoginPassword", args[-1])
        self.users.append(given.login.decode())
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        def protocol() -> SMTP:
            return SMTP(
                self,
                hostname="post.example",
                tls_context=None if self.is_tls_from_the_start else self.tls,
                authenticator=self._login,
                auth_require_tls=not self.is_tls_from_the_start,
                enable_SMTPUTF8=False,
            )

        listening = await asyncio.get_running_loop().create_server(
            protocol, "127.0.0.1", self.port, ssl=self.tls if self.is_tls_from_the_start else None
        )
        try:
            yield
        finally:
            listening.close()

    def ways(self, **given: Any) -> Ways:
        plain = {"host": "127.0.0.1", "port": self.port, "sender": "alerts@news.example"}
        return Ways(
            mail=MailServer(**{**plain, "security": "none", **given}),
            pages="https://dragoman.example",
        )

    def open(self) -> Channel:
        return MailChannel(TARGET, self.ways())

    def sentences(self) -> list[str]:
        return [each for letter in self.letters for each in re.findall("“(.*)”", plain(letter))]


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class TestMail(ChannelContract):
    is_verbatim = False

    @pytest.fixture
    def end(self) -> End:
        return PostOffice()


def bring(office: PostOffice, ways: Ways | None = None, total_s: float = 5.0) -> Outcome:
    async def scenario() -> Outcome:
        async with office.running():
            channel = MailChannel(TARGET, ways or office.ways(), total_s=total_s)
            outcome = await channel.deliver(parcel(1))
            await channel.close()
            return outcome

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            {"RCPT": "450 4.2.1 busy"},
            NotDelivered("the mail server answers 450: 4.2.1 busy"),
            id="recipient_busy",
        ),
        pytest.param(
            {"RCPT": f"550 5.1.1 <{TARGET}>: no such person"},
            NotDelivered("the mail server answers 550: 5.1.1 <…>: no such person"),
            id="no_such_recipient",
        ),
        pytest.param(
            {"DATA": "554 5.7.1 spam"},
            NotDelivered("the mail server answers 554: 5.7.1 spam"),
            id="content_refused",
        ),
        pytest.param(
            {"DATA": "421 4.3.2 closing"},
            NotDelivered("the mail server answers 421: 4.3.2 closing"),
            id="closing",
        ),
        pytest.param({"QUIT": "close"}, Delivered(), id="breaks_off_when_it_has_it"),
    ],
)
def test_what_the_server_answers_is_told(answers: dict[str, str], expected: Outcome) -> None:
    assert bring(PostOffice(answers=answers)) == expected


def test_a_server_that_hangs_or_breaks_off_has_taken_nothing() -> None:
    hangs = bring(PostOffice(answers={"DATA": "hang"}), total_s=0.3)
    breaks_off = bring(PostOffice(answers={"DATA": "close"}))

    assert hangs == NotDelivered("the mail server does not answer within 0.3 s")
    assert isinstance(breaks_off, NotDelivered)


def test_a_server_that_is_not_there_is_told() -> None:
    async def scenario() -> Outcome:
        return await PostOffice().open().deliver(parcel(1))

    outcome = asyncio.run(scenario())
    assert isinstance(outcome, NotDelivered)
    assert outcome.reason.startswith("no connection to the mail server")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_user_and_password_go_under_tls(certificates: Certificates, security: Any) -> None:
    office = PostOffice(tls=certificates.server, is_tls_from_the_start=security == "tls")
    known = {"security": security, "user": "alerts", "ca_file": certificates.ca_file}

    assert bring(office, office.ways(**known, password=PASSWORD)) == Delivered()
    assert office.users == ["alerts"]
    wrong = bring(office, office.ways(**known, password="hunter2"))
    assert wrong == NotDelivered("the mail server refuses user and password (535)")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_with_a_certificate_of_its_own_making_is_sent_nothing(
    certificates: Certificates, security: Any
) -> None:
    office = PostOffice(tls=certificates.server, is_tls_from_the_start=security == "tls")

    outcome = bring(office, office.ways(security=security, user="alerts", password=PASSWORD))

    assert outcome == NotDelivered("the mail server's certificate is not valid")
    assert (office.letters, office.users) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_tls_is_sent_nothing(security: Any) -> None:
    office = PostOffice()

    outcome = bring(office, office.ways(security=security))

    assert isinstance(outcome, NotDelivered)
    assert "DRAGOMAN_SMTP_SECURITY" in outcome.reason
    assert office.letters == []


def letter_of(given: Parcel) -> EmailMessage:
    """As it is read behind the wire."""
    sent = message(given, TARGET, Ways(), "alerts@news.example", NOW)
    return cast("EmailMessage", BytesParser(policy=SMTP_LINES).parsebytes(sent.as_bytes()))


def test_a_letter_says_what_made_it_and_can_be_told_again() -> None:
    letter = letter_of(parcel(1, id="quito"))

    assert letter["From"] == "Dragoman <alerts@news.example>"
    assert letter["To"] == TARGET
    assert letter["Message-ID"] == "<alert-1.quito@news.example>"
    assert letter["List-Id"] == "<quito.dragoman.news.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOW
    assert letter["In-Reply-To"] is None
    assert (
        letter_of(parcel(1, id="quito")).as_bytes().splitlines()[:9]
        == (letter.as_bytes().splitlines()[:9])
    )


def test_what_follows_on_an_alert_is_shown_in_its_thread() -> None:
    letter = letter_of(parcel(Item(event(2), before=event(1)), id="quito"))

    assert letter["In-Reply-To"] == "<alert-1.quito@news.example>"
    assert letter["References"] == "<trip-2.quito@news.example> <alert-1.quito@news.example>"


def of(**data: Any) -> AlertEvent:
    alert = event(1)
    return alert.model_copy(update={"data": alert.data.model_copy(update=data)})


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Ada\r\nBcc: all@news.example", id="line_ends"),
        pytest.param("Ada\nX: y\n\n<b>body", id="the_end_of_the_head"),
        pytest.param("Ada\u2028Bcc: x\u2029\x85Bcc: x", id="line_ends_of_unicode"),
        pytest.param("Ada\x00\x1b[2J\x7f", id="control_signs"),
        pytest.param("Ada\u202eNTSC\u2066", id="signs_that_turn_the_text_round"),
        pytest.param("=?utf-8?q?Bcc:_x=0ABcc:_y?=", id="an_encoded_word"),
        pytest.param("Ọ̀jọ́ 東京 سفر Ελένη " * 20, id="long_in_many_scripts"),
        pytest.param("x" * 5000, id="without_a_space"),
        pytest.param("\ud800", id="half_a_sign"),
    ],
)
def test_no_name_gets_out_of_its_header(name: str) -> None:
    sent = of(leader=event(1).data.leader.model_copy(update={"name": name}))
    letter = letter_of(parcel(sent))

    assert sorted(letter.keys()) == sorted(letter_of(parcel(1)).keys())
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert letter.get_content_type() == "multipart/alternative"
    assert not set("\x00\x1b\x7f\u202e\u2066") & set(letter["Subject"] + plain(letter))
    assert max(map(len, letter.as_bytes().splitlines())) < 998  # RFC 5322, section 2.1.1


def test_without_a_mail_server_the_operator_is_told_what_to_set() -> None:
    wanted = subscription(channel="email", target=TARGET)
    with pytest.raises(ChannelError, match="DRAGOMAN_SMTP_HOST"):
        open_channel(wanted, TARGET, (), Ways())


@pytest.fixture
def no_certificates(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_text("a shopping list")
    return path


def test_certificates_that_are_none_are_told(no_certificates: Path) -> None:
    ways = PostOffice().ways(security="tls", ca_file=no_certificates)
    with pytest.raises(ChannelError, match="DRAGOMAN_SMTP_CA_FILE"):
        MailChannel(TARGET, ways)


@pytest.mark.parametrize(
    ("address", "is_sound"),
    [
        ("desk@news.example", True),
        ("first.last+alerts@sub.news.example", True),
        ("root@localhost", True),
        ("desk@xn--nchtern-n2a.example", True),
        ("desk", False),
        ("@news.example", False),
        ("desk@", False),
        ("desk@news.example, all@news.example", False),
        ("Desk <desk@news.example>", False),
        ("desk@news.example\r\nBcc: x@y", False),
        ("desk@news.example\n", False),
        ('"a b"@news.example', False),
        ("désk@news.example", False),
        ("desk@nüchtern.example", False),
        ("a..b@news.example", False),
        ("desk@-news.example", False),
        ("x" * 65 + "@news.example", False),
        ("x@" + "a." * 130 + "example", False),
        ("", False),
    ],
)
def test_an_address_is_one_bare_address(address: str, is_sound: bool) -> None:
    assert (address_fault(address) is None) is is_sound


def test_no_password_is_in_what_is_shown() -> None:
    ways = PostOffice().ways(security="tls", user="alerts", password=PASSWORD)

    assert ways.mail is not None
    assert PASSWORD not in repr(replace(ways.mail, user="other"))
