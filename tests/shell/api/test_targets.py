"""Where alerts may be brought to: nothing private, and no secret in the clear."""

from typing import Any

import pytest

from schemas.subscriptions import Subscription
from streams.shell.api.targets import faults_of_target

URL = "https://desk.example.org/hook"


def subscription(**told: Any) -> Subscription:
    fields = {"id": "desk", "owner": "desk", "channel": "webhook", "target": URL} | told
    if fields["channel"] == "webhook":
        fields.setdefault("secret", ("env:HELD",))
    return Subscription(**fields)


HELD = subscription(secret=("env:HELD",))


def faults(is_admin: bool = False, before: Subscription | None = HELD, **told: Any) -> set[str]:
    wanted = subscription(**told)
    return {each.where for each in faults_of_target(wanted, is_admin=is_admin, before=before)}


@pytest.mark.parametrize(
    "target",
    [
        URL,
        "https://desk.example.org:8443/a?desk=night",
        "https://93.184.216.34/hook",
        "https://[2606:4700::1111]/hook",
        "https://xn--mnchen-3ya.example/hook",
    ],
)
def test_a_public_address_is_taken(target: str) -> None:
    assert faults(is_admin=True, target=target) == set()


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("http://desk.example.org/hook", id="in_the_clear"),
        pytest.param("ftp://desk.example.org/hook", id="another_scheme"),
        pytest.param("https:///hook", id="no_host"),
        pytest.param("desk", id="no_url"),
        pytest.param("https://[::1", id="half_a_url"),
        pytest.param("", id="empty"),
        pytest.param("https://localhost/hook", id="this_machine"),
        pytest.param("https://127.0.0.1/hook", id="loopback"),
        pytest.param("https://[::1]/hook", id="loopback_v6"),
        pytest.param("https://[::ffff:10.0.0.1]/hook", id="private_within_v6"),
        pytest.param("https://10.0.0.8/hook", id="private"),
        pytest.param("https://169.254.169.254/latest/meta-data", id="metadata_of_clouds"),
        pytest.param("https://kafka/hook", id="a_name_of_the_cluster"),
        pytest.param("https://kafka.internal/hook", id="a_name_inside"),
        pytest.param("https://LOCALHOST./hook", id="capitals_and_a_dot"),
        pytest.param("https://127.1/hook", id="a_short_address"),
        pytest.param("https://2130706433/hook", id="an_address_as_a_number"),
        pytest.param("https://0x7f.0x1/hook", id="an_address_in_hexadecimal"),
        pytest.param("https://me:secret@desk.example.org/", id="a_password"),
        pytest.param("https://desk.example.org/?access_token=abc", id="a_token"),
    ],
)
def test_what_is_private_or_secret_is_refused_from_anybody(target: str) -> None:
    assert faults(target=target) == {"body.target"}
    assert faults(target=target, is_admin=True) == {"body.target"}


@pytest.mark.parametrize(
    ("told", "where"),
    [
        pytest.param({"target": "env:HOOK"}, "body.target", id="an_environment"),
        pytest.param({"target": "file:/run/secrets/hook"}, "body.target", id="a_file"),
        pytest.param({"channel": "log", "target": "-"}, "body.target", id="a_log"),
        pytest.param({"secret": ("env:KEY",)}, "body.secret", id="a_signing_key"),
        pytest.param(
            {"channel": "apprise", "target": "env:SLACK"}, "body.target", id="a_messenger"
        ),
    ],
)
def test_what_lies_on_our_machine_is_named_by_admins_alone(
    told: dict[str, Any], where: str
) -> None:
    assert faults(**told) == {where}
    assert faults(is_admin=True, **told) == set()


@pytest.mark.parametrize(
    ("told", "where"),
    [
        pytest.param({"secret": ("whsec_abc",)}, "body.secret.0", id="a_key_in_the_clear"),
        pytest.param(
            {"channel": "apprise", "target": "slack://token"}, "body.target", id="a_token"
        ),
        pytest.param(
            {"channel": "email", "target": "mailto://me:pw@x.org"}, "body.target", id="a_password"
        ),
        pytest.param({"channel": "log", "target": " "}, "body.target", id="nowhere"),
        pytest.param(
            {"channel": "log", "target": "/var/log/alerts.jsonl"},
            "body.target",
            id="a_file_of_ours",
        ),
        pytest.param({"secret": ()}, "body.secret", id="a_webhook_without_a_signature"),
    ],
)
def test_what_no_channel_would_take_is_refused_from_admins_too(
    told: dict[str, Any], where: str
) -> None:
    assert faults(is_admin=True, **told) == {where}


def test_a_mail_address_is_one() -> None:
    assert faults(channel="email", target="desk@example.org") == set()
    assert faults(channel="email", target="a@b.org, c@d.org") == {"body.target"}


def test_what_an_admin_put_there_may_stay() -> None:
    assert faults(before=None) == {"body.secret"}
    secret = subscription(target="env:HOOK", secret=("env:HELD", "env:NEXT"))
    assert faults(target="env:HOOK", secret=("env:NEXT",), before=secret) == set()
    assert faults(target="env:OTHER", secret=("env:NEXT",), before=secret) == {"body.target"}


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"target": "https://elsewhere.example.org/hook"}, id="another_end"),
        pytest.param({"target": "env:HELD"}, id="the_key_as_an_address"),
        pytest.param({"channel": "apprise", "target": "env:HELD", "secret": ()}, id="to_a_service"),
    ],
)
def test_what_signs_for_one_address_is_used_for_another_by_admins_alone(
    told: dict[str, Any],
) -> None:
    assert faults(**told) == {"body.target"}
    assert faults(is_admin=True, **told) == set()
    assert faults(leaders=("jose-antonio-kast",)) == set()
