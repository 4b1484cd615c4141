"""The settings: the one place that reads the environment.

Every setting is an environment variable `DRAGOMAN_NAME`. All that is wrong with them is told at
once, each with its remedy, and never with the value of a secret. A variable that begins with
`DRAGOMAN_` and is none of ours is a fault too: it is most likely a misspelt one. An empty variable
counts as not set, because compose files write `DRAGOMAN_X=${X:-}`.
No file is opened here and nothing is connected; whether a file exists is looked at.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from schemas.topics import STORIES
from streams.channels.addresses import address_fault
from streams.channels.ways import MailSecurity

PREFIX = "DRAGOMAN_"

_ADDRESSES = r"^[^\s,:/]+:\d{1,5}(,[^\s,:/]+:\d{1,5})*$"
_SECONDS = r"^\d+(\.\d+)?(,\d+(\.\d+)?)*$"
_HOSTS = r"^[^\s,/@]+(,[^\s,/@]+)*$"
_PUBLIC_URL = r"^https?://[^\s/?#@]+(/[^\s?#@]*)?$"
_APP_ID = r"^[a-z0-9][a-z0-9._-]{0,60}$"

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
LogFormat = Literal["json", "text"]
LogLevel = Literal["debug", "info", "warning", "error"]


class Settings(BaseModel):
    """How one worker is set up. Frozen; made by `load_settings`, or by keyword in tests.

    Times are in seconds, sizes in bytes. The description of a field is what docs/settings.md says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    broker: Annotated[str, StringConstraints(pattern=_ADDRESSES)] = Field(
        "127.0.0.1:9092", description="Kafka brokers to start from, `host:port`, comma-separated."
    )
    security_protocol: SecurityProtocol = Field(
        "PLAINTEXT", description="How to speak to the brokers."
    )
    ssl_ca_file: Path | None = Field(
        None, description="Certificates to trust (PEM); without it, those of the system."
    )
    ssl_cert_file: Path | None = Field(None, description="Our own certificate (PEM).")
    ssl_key_file: Path | None = Field(None, description="Key of our own certificate (PEM).")
    sasl_mechanism: SaslMechanism = Field(
        "SCRAM-SHA-512", description="How user and password are proved, under SASL."
    )
    sasl_username: str | None = Field(None, description="User, under SASL.")
    sasl_password: SecretStr | None = Field(None, description="Password, under SASL.")
    app_id: Annotated[str, StringConstraints(pattern=_APP_ID)] = Field(
        "dragoman",
        description="Consumer group, and first part of the names of the tables' changelogs. "
        "Changing it reads everything anew.",
    )
    group_instance_id: str | None = Field(
        None,
        description="A name that stays the same over restarts of this worker (a pod's name): a "
        "restart within the session timeout then moves no partitions. One for each worker.",
    )
    partitions: int = Field(
        4, ge=1, le=1000, description="Partitions of the topics. Settled when they are created."
    )
    replication_factor: int = Field(
        1, ge=1, le=9, description="Copies of each topic on the brokers."
    )
    standby_replicas: int = Field(
        0,
        ge=0,
        le=9,
        description="Workers that keep a copy of another worker's tables, ready. All workers of a "
        "DRAGOMAN_APP_ID must then run the same hops.",
    )
    store: Literal["memory", "rocksdb"] = Field(
        "memory",
        description="Where tables are kept. `memory` reads them from the changelog at each start; "
        "`rocksdb` keeps them in DRAGOMAN_DATA_DIR and reads only what is new.",
    )
    data_dir: Path | None = Field(
        None,
        description="Directory for tables, and for the intake's ledger; made if its parent "
        "exists. Needed for `rocksdb`.",
    )
    knowledge_dir: Path | None = Field(
        None, description="Directory with the data files; without it, those of the package."
    )
    sources_file: Path | None = Field(
        None, description="File with the sources of the intake (TOML); docs/sources.md."
    )
    subscriptions_file: Path | None = Field(
        None,
        description="File with subscriptions (TOML), the same for all workers; "
        "docs/subscriptions.md.",
    )
    retry_pauses_s: Annotated[str, StringConstraints(pattern=_SECONDS)] = Field(
        "5,300,1800,7200,18000,36000,50400,72000,86400",
        description="Seconds between tries to bring an alert, comma-separated; after the last it "
        "is given up, and becomes a dead letter.",
    )
    web_host: Annotated[str, StringConstraints(min_length=1)] = Field(
        "127.0.0.1", description="Address the pages are served on. They have no password."
    )
    web_port: int = Field(
        6066, ge=0, le=65535, description="Port the pages are served on; 0 takes a free one."
    )
    intake_port: int = Field(
        6067, ge=0, le=65535, description="Port of the intake's pages; 0 takes a free one."
    )
    push_host: Annotated[str, StringConstraints(min_length=1)] = Field(
        "127.0.0.1",
        description="Address that stories are pushed to. Keys are sent in the clear: put TLS in "
        "front of it before it is anything but loopback.",
    )
    push_port: int = Field(
        6068, ge=0, le=65535, description="Port that stories are pushed to; 0 takes a free one."
    )
    api_host: Annotated[str, StringConstraints(min_length=1)] = Field(
        "127.0.0.1",
        description="Address that the API is served on. Keys are sent in the clear: put TLS in "
        "front of it before it is anything but loopback.",
    )
    api_port: int = Field(
        8080, ge=0, le=65535, description="Port that the API is served on; 0 takes a free one."
    )
    api_keys_file: Path | None = Field(
        None, description="File with the keys of those who may ask the API (TOML); docs/api.md."
    )
    api_open: Literal["yes", "no"] = Field(
        "no", description="Whether the API may be read without a key. Nothing is written without."
    )
    api_cors_origins: str = Field(
        "",
        description="Origins whose pages may read the API from a browser, comma-separated, such as "
        "`https://desk.example.org`; empty for none.",
    )
    session_timeout_s: float = Field(
        30.0, ge=1, le=80, description="After so long without a sign of life a worker is given up."
    )
    heartbeat_interval_s: float = Field(
        3.0, gt=0, le=60, description="Interval between signs of life to the broker."
    )
    commit_interval_s: float = Field(
        1.0, gt=0, le=60, description="Interval between commits of what has been handled."
    )
    dead_letter_run: int = Field(
        50, ge=1, description="So many refusals in a row are borne; one more stops the worker."
    )
    dead_letter_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="A greater share of refusals than this in a full window stops the worker.",
    )
    dead_letter_window: int = Field(
        400, ge=1, description="How many messages of an agent the share is counted over."
    )
    canary_every_s: float = Field(
        60.0,
        ge=0,
        le=3600,
        description="Interval between two canary stories on each partition, which show that the "
        "way from the raw topic to deliveries is open; 0 sends none.",
    )
    max_story_bytes: int = Field(
        1_000_000,
        ge=1_000,
        le=STORIES.max_message_bytes - 1_000,
        description="A story that is longer than this as a record is refused as `too_large`.",
    )
    alert_log: str = Field(
        "-", description="File that alerts are written to, one a line; `-` is standard output."
    )
    public_url: Annotated[str, StringConstraints(pattern=_PUBLIC_URL)] | None = Field(
        None,
        description="Address at which people reach the pages of the service, for the links in "
        "what they are sent; without it there are none to dossiers.",
    )
    private_hosts: Annotated[str, StringConstraints(pattern=_HOSTS)] | None = Field(
        None,
        description="Hosts, comma-separated, that alerts may be brought to though they are of our "
        "own network, without TLS, or named in an address of Apprise. All others are public, and "
        "spoken to under TLS.",
    )
    smtp_host: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        None, description="Server that takes mail from us; without it there is no `email`."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: MailSecurity = Field(
        "starttls",
        description="How to speak to the mail server: `starttls` and `tls` go on only under TLS.",
    )
    smtp_user: str | None = Field(None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_sender: str | None = Field(
        None, description="Address that mail comes from. Needed for `email`."
    )
    smtp_ca_file: Path | None = Field(
        None,
        description="Certificates to trust at the mail server (PEM); without it, those of the "
        "system.",
    )
    otlp_endpoint: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = Field(
        None,
        description="Where spans are sent (OTLP over HTTP, such as "
        "http://127.0.0.1:4318/v1/traces); needs the extra `tracing`. Without it none are made.",
    )
    log_format: LogFormat = Field(
        "json", description="One JSON object a line for programs, or plain text for people."
    )
    log_level: LogLevel = Field(
        "info",
        description="Least weight of what is logged. At `debug` there is a line for each message "
        "that is handled.",
    )


@dataclass(frozen=True, slots=True)
class SettingFault:
    """What is wrong with one variable, and what to do. `value` is `None` where it is secret."""

    variable: str
    value: str | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        said = "" if self.value is None else f"={self.value}"
        return f"{self.variable}{said}: {self.problem}. {self.remedy}"


class SettingsError(Exception):
    """The settings are wrong; `faults` has everything that is."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it is documented."""

    variable: str
    values: str
    default: str
    about: str


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in these variables, by default in those of the process.

    Raises `SettingsError` with all faults at once.
    """
    given = {
        name: value
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX) and value
    }
    known = {variable_of(field): field for field in Settings.model_fields}
    faults = [_unknown(name, known) for name in sorted(given) if name not in known]
    values = {known[name]: value for name, value in given.items() if name in known}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults.extend(_invalid(error, given))
    else:
        faults.extend(_contradictions(settings))
        if not faults:
            return settings
    raise SettingsError(tuple(faults))


def environment() -> Mapping[str, str]:
    """The variables of the process, for references such as `env:NAME` in a sources file."""
    return os.environ


def variable_of(field: str) -> str:
    """Name of the environment variable of a field."""
    return PREFIX + field.upper()


def settings_table() -> tuple[SettingRow, ...]:
    """All settings with their values and defaults, in the order they are declared."""
    rows = []
    shapes = Settings.model_json_schema()["properties"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        rows.append(
            SettingRow(variable_of(name), _values(shapes[name]), default, field.description or "")
        )
    return tuple(rows)


def _values(shape: dict[str, Any]) -> str:
    shape = next((s for s in shape.get("anyOf", ()) if s.get("type") != "null"), shape)
    if "enum" in shape:
        return ", ".join(shape["enum"])
    return {"integer": "whole number", "number": "number", "string": "text"}[shape["type"]]


def _unknown(name: str, known: Mapping[str, str]) -> SettingFault:
    close = _closest(name, known)
    remedy = f"Did you mean {close}?" if close else "Remove it; docs/settings.md lists all."
    # The value may be a password under a misspelt name.
    return SettingFault(name, None, "there is no such setting", remedy)


def _closest(name: str, known: Mapping[str, str]) -> str | None:

    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), None)


def _invalid(error: ValidationError, given: Mapping[str, str]) -> Iterator[SettingFault]:
    for item in error.errors(include_url=False, include_context=False):
        field = str(item["loc"][0])
        name = variable_of(field)
        remedy = f"Give {_expected(field)}."
        yield SettingFault(name, _shown(field, given.get(name)), _plain(item["msg"]), remedy)


def _expected(field: str) -> str:
    if field == "broker":
        return "host:port, several separated by commas"
    if field == "retry_pauses_s":
        return "seconds, several separated by commas"
    if field == "private_hosts":
        return "hosts without port, several separated by commas"
    if field == "public_url":
        return "an address such as https://dragoman.newsroom.example"
    if field == "app_id":
        return "lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit"
    row = next(r for r in settings_table() if r.variable == variable_of(field))
    return f"one of {row.values}" if "," in row.values else f"a {row.values}"


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]


def _shown(field: str, value: str | None) -> str | None:
    return None if Settings.model_fields[field].annotation == SecretStr | None else value


def _contradictions(settings: Settings) -> Iterator[SettingFault]:
    yield from _sasl(settings)
    yield from _ssl(settings)
    yield from _paths(settings)
    yield from _mail(settings)
    if settings.heartbeat_interval_s * 2 > settings.session_timeout_s:
        yield SettingFault(
            variable_of("heartbeat_interval_s"),
            str(settings.heartbeat_interval_s),
            f"more than half the session timeout of {settings.session_timeout_s:g} s",
            "Set it to a third of DRAGOMAN_SESSION_TIMEOUT_S or less.",
        )


def _sasl(settings: Settings) -> Iterator[SettingFault]:
    wanted = settings.security_protocol.startswith("SASL")
    for field in ("sasl_username", "sasl_password"):
        given = getattr(settings, field) is not None
        if wanted and not given:
            yield SettingFault(variable_of(field), None, "not set, and SASL needs it", "Set it.")
        if given and not wanted:
            yield SettingFault(
                variable_of(field),
                None,
                f"set, but DRAGOMAN_SECURITY_PROTOCOL is {settings.security_protocol}",
                "Set DRAGOMAN_SECURITY_PROTOCOL to SASL_SSL, or unset it.",
            )


def _ssl(settings: Settings) -> Iterator[SettingFault]:
    wanted = settings.security_protocol.endswith("SSL")
    for field in ("ssl_ca_file", "ssl_cert_file", "ssl_key_file"):
        path: Path | None = getattr(settings, field)
        if path is not None and not wanted:
            yield SettingFault(
                variable_of(field),
                str(path),
                f"set, but DRAGOMAN_SECURITY_PROTOCOL is {settings.security_protocol}",
                "Set DRAGOMAN_SECURITY_PROTOCOL to SSL or SASL_SSL, or unset it.",
            )
        elif path is not None and not path.is_file():
            yield SettingFault(
                variable_of(field), str(path), "there is no such file", "Give the path of a file."
            )
    if (settings.ssl_cert_file is None) != (settings.ssl_key_file is None):
        missing = "ssl_key_file" if settings.ssl_key_file is None else "ssl_cert_file"
        yield SettingFault(
            variable_of(missing),
            None,
            "not set, though its counterpart is",
            "A certificate and its key go together: set both or neither.",
        )


def _mail(settings: Settings) -> Iterator[SettingFault]:
    fields = ("smtp_user", "smtp_password", "smtp_sender", "smtp_ca_file")
    for field in fields:
        if settings.smtp_host is None and getattr(settings, field) is not None:
            yield SettingFault(
                variable_of(field),
                None,
                "set, but DRAGOMAN_SMTP_HOST is not",
                "Set DRAGOMAN_SMTP_HOST, or unset it.",
            )
    if settings.smtp_host is None:
        return
    fault = address_fault(settings.smtp_sender or "")
    if fault is not None:
        yield SettingFault(
            variable_of("smtp_sender"), settings.smtp_sender, fault, "Set it to such an address."
        )
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        missing = "smtp_password" if settings.smtp_password is None else "smtp_user"
        yield SettingFault(
            variable_of(missing),
            None,
            "not set, though its counterpart is",
            "User and password go together: set both or neither.",
        )
    if settings.smtp_user is not None and settings.smtp_security == "none":
        yield SettingFault(
            variable_of("smtp_security"),
            "none",
            "the password would go in the clear",
            "Set it to starttls or tls, or unset user and password.",
        )
    if settings.smtp_ca_file is not None and not settings.smtp_ca_file.is_file():
        yield SettingFault(
            variable_of("smtp_ca_file"),
            str(settings.smtp_ca_file),
            "there is no such file",
            "Give the path of a file.",
        )


def _paths(settings: Settings) -> Iterator[SettingFault]:
    if settings.store == "rocksdb" and settings.data_dir is None:
        yield SettingFault(
            variable_of("data_dir"),
            None,
            "not set, and DRAGOMAN_STORE=rocksdb needs it",
            "Name a directory on a disk that stays.",
        )
    if settings.data_dir is not None and not settings.data_dir.absolute().parent.is_dir():
        yield SettingFault(
            variable_of("data_dir"),
            str(settings.data_dir),
            "its parent is no directory",
            f"Make {settings.data_dir.absolute().parent} first.",
        )
    if settings.knowledge_dir is not None and not settings.knowledge_dir.is_dir():
        yield SettingFault(
            variable_of("knowledge_dir"),
            str(settings.knowledge_dir),
            "there is no such directory",
            "Name the directory with the data files, or unset it.",
        )
    if settings.sources_file is not None and not settings.sources_file.is_file():
        yield SettingFault(
            variable_of("sources_file"),
            str(settings.sources_file),
            "there is no such file",
            "Name the file with the sources, or unset it.",
        )
    if settings.api_keys_file is not None and not settings.api_keys_file.is_file():
        yield SettingFault(
            variable_of("api_keys_file"),
            str(settings.api_keys_file),
            "there is no such file",
            "Make one with the entry that `dragoman api-keys new` prints, or unset it.",
        )
    if settings.subscriptions_file is not None and not settings.subscriptions_file.is_file():
        yield SettingFault(
            variable_of("subscriptions_file"),
            str(settings.subscriptions_file),
            "there is no such file",
            "Name the file with the subscriptions, or unset it.",
        )
    if settings.alert_log != "-" and not Path(settings.alert_log).absolute().parent.is_dir():
        yield SettingFault(
            variable_of("alert_log"),
            settings.alert_log,
            "its directory does not exist",
            f"Make {Path(settings.alert_log).absolute().parent} first, or use '-'.",
        )
