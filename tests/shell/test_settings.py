"""Settings: all faults at once, no secret told, every one documented."""

from pathlib import Path

import pytest

from streams.shell.settings import (
    SettingFault,
    Settings,
    SettingsError,
    load_settings,
    settings_table,
)

_MAIL = {"DRAGOMAN_SMTP_HOST": "mail.example", "DRAGOMAN_SMTP_SENDER": "desk@news.example"}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def faults_of(environ: dict[str, str]) -> dict[str, SettingFault]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return {fault.variable: fault for fault in caught.value.faults}


def test_without_any_variable_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_variables_of_others_and_empty_ones_count_as_not_set() -> None:
    assert load_settings({"PATH": "/bin", "DRAGOMAN_BROKER": ""}) == Settings()


def test_what_is_set_is_taken() -> None:
    settings = load_settings({"DRAGOMAN_BROKER": "a:9092,b:9093", "DRAGOMAN_PARTITIONS": "12"})
    assert (settings.broker, settings.partitions) == ("a:9092,b:9093", 12)


def test_all_faults_are_told_at_once() -> None:
    faults = faults_of(
        {
            "DRAGOMAN_BROKR": "kafka:9092",
            "DRAGOMAN_BROKER": "kafka",
            "DRAGOMAN_PARTITIONS": "many",
            "DRAGOMAN_STORE": "disk",
        }
    )
    assert sorted(faults) == [
        "DRAGOMAN_BROKER",
        "DRAGOMAN_BROKR",
        "DRAGOMAN_PARTITIONS",
        "DRAGOMAN_STORE",
    ]
    assert "Did you mean DRAGOMAN_BROKER?" in str(faults["DRAGOMAN_BROKR"])
    assert "host:port" in faults["DRAGOMAN_BROKER"].remedy
    assert "one of memory, rocksdb" in faults["DRAGOMAN_STORE"].remedy


@pytest.mark.parametrize(
    ("environ", "variable", "problem"),
    [
        pytest.param(
            {"DRAGOMAN_SECURITY_PROTOCOL": "SASL_SSL", "DRAGOMAN_SASL_USERNAME": "a"},
            "DRAGOMAN_SASL_PASSWORD",
            "not set, and SASL needs it",
            id="sasl_without_a_password",
        ),
        pytest.param(
            {"DRAGOMAN_SASL_PASSWORD": "hunter2"},
            "DRAGOMAN_SASL_PASSWORD",
            "DRAGOMAN_SECURITY_PROTOCOL is PLAINTEXT",
            id="a_password_that_would_not_be_used",
        ),
        pytest.param(
            {"DRAGOMAN_SECURITY_PROTOCOL": "SSL", "DRAGOMAN_SSL_CA_FILE": "/no/such.pem"},
            "DRAGOMAN_SSL_CA_FILE",
            "there is no such file",
            id="certificates_that_are_not_there",
        ),
        pytest.param(
            {"DRAGOMAN_SECURITY_PROTOCOL": "SSL", "DRAGOMAN_SSL_CERT_FILE": __file__},
            "DRAGOMAN_SSL_KEY_FILE",
            "its counterpart",
            id="a_certificate_without_its_key",
        ),
        pytest.param(
            {"DRAGOMAN_SSL_CA_FILE": __file__},
            "DRAGOMAN_SSL_CA_FILE",
            "DRAGOMAN_SECURITY_PROTOCOL is PLAINTEXT",
            id="certificates_that_would_not_be_used",
        ),
        pytest.param(
            {"DRAGOMAN_STORE": "rocksdb"},
            "DRAGOMAN_DATA_DIR",
            "needs it",
            id="tables_on_disk_and_no_place_for_them",
        ),
        pytest.param(
            {"DRAGOMAN_DATA_DIR": "/no/such/place"},
            "DRAGOMAN_DATA_DIR",
            "its parent is no directory",
            id="a_place_that_cannot_be_made",
        ),
        pytest.param(
            {"DRAGOMAN_KNOWLEDGE_DIR": "/no/such/place"},
            "DRAGOMAN_KNOWLEDGE_DIR",
            "no such directory",
            id="data_files_that_are_not_there",
        ),
        pytest.param(
            {"DRAGOMAN_ALERT_LOG": "/no/such/place/alerts"},
            "DRAGOMAN_ALERT_LOG",
            "does not exist",
            id="an_alert_log_in_no_directory",
        ),
        pytest.param(
            {"DRAGOMAN_SMTP_SENDER": "desk@news.example"},
            "DRAGOMAN_SMTP_SENDER",
            "DRAGOMAN_SMTP_HOST is not",
            id="a_sender_and_no_mail_server",
        ),
        pytest.param(
            {"DRAGOMAN_SMTP_HOST": "mail.example"},
            "DRAGOMAN_SMTP_SENDER",
            "no e-mail address",
            id="a_mail_server_and_no_sender",
        ),
        pytest.param(
            {**_MAIL, "DRAGOMAN_SMTP_USER": "desk"},
            "DRAGOMAN_SMTP_PASSWORD",
            "counterpart",
            id="a_user_and_no_password",
        ),
        pytest.param(
            {
                **_MAIL,
                "DRAGOMAN_SMTP_USER": "desk",
                "DRAGOMAN_SMTP_PASSWORD": "p",
                "DRAGOMAN_SMTP_SECURITY": "none",
            },
            "DRAGOMAN_SMTP_SECURITY",
            "in the clear",
            id="a_password_in_the_clear",
        ),
        pytest.param(
            {**_MAIL, "DRAGOMAN_SMTP_CA_FILE": "/no/such/file"},
            "DRAGOMAN_SMTP_CA_FILE",
            "no such file",
            id="certificates_that_are_not_there",
        ),
        pytest.param(
            {"DRAGOMAN_PRIVATE_HOSTS": "https://hook.example"},
            "DRAGOMAN_PRIVATE_HOSTS",
            "pattern",
            id="an_address_for_a_host",
        ),
        pytest.param(
            {"DRAGOMAN_PUBLIC_URL": "dragoman.example"},
            "DRAGOMAN_PUBLIC_URL",
            "pattern",
            id="a_host_for_an_address",
        ),
        pytest.param(
            {"DRAGOMAN_SESSION_TIMEOUT_S": "6", "DRAGOMAN_HEARTBEAT_INTERVAL_S": "5"},
            "DRAGOMAN_HEARTBEAT_INTERVAL_S",
            "more than half the session timeout",
            id="a_heart_that_beats_too_slowly",
        ),
        pytest.param(
            {"DRAGOMAN_SESSION_TIMEOUT_S": "85"},
            "DRAGOMAN_SESSION_TIMEOUT_S",
            "less than or equal to 80",
            id="a_session_longer_than_faust_takes",
        ),
    ],
)
def test_what_contradicts_itself_is_told(
    environ: dict[str, str], variable: str, problem: str
) -> None:
    fault = faults_of(environ)[variable]
    assert problem in fault.problem
    assert fault.remedy


def test_no_fault_tells_a_secret() -> None:
    secrets = {"DRAGOMAN_SASL_PASSWORD": "hunter2", "DRAGOMAN_SASL_PASWORD": "hunter2"}
    told = "".join(str(fault) for fault in faults_of(secrets).values())
    assert "hunter2" not in told
    assert "hunter2" not in repr(load_settings({**_SASL, "DRAGOMAN_SASL_PASSWORD": "hunter2"}))


_SASL = {"DRAGOMAN_SECURITY_PROTOCOL": "SASL_SSL", "DRAGOMAN_SASL_USERNAME": "dragoman"}


def test_the_document_lists_each_setting_with_values_default_and_description() -> None:
    rows = [
        f"| `{row.variable}` | {row.values} | {f'`{row.default}`' if row.default else ''} "
        f"| {row.about} |"
        for row in settings_table()
    ]
    document = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [line for line in document if line.startswith("| `DRAGOMAN_")] == rows
