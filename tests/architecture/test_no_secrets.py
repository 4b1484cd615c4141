"""No tracked file holds what looks like a key or a password; detect-secrets knows what that is.

Lines that cannot hold one are passed over first, which takes a tenth of the time. Where a word is
meant, its line ends with `pragma: allowlist secret`. Passwords in the tests are invented, so there
only keys with a shape of their own count.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parents[2]
SHAPED = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "NpmDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
NAMED = ("KeywordDetector", "BasicAuthDetector")
MAYBE = re.compile(
    r"secret|passw|pwd|token|api_?key|private.{0,8}key|AKIA|AccountKey|gh[opsur]_|glpat|eyJ|SG\.|xox"
    r"|hooks\.slack|_live_|\d{8,10}:|AC[0-9a-z]{32}|SK[0-9a-z]{32}|://[^\s/:]+:[^\s/@]+@",
    re.IGNORECASE,
)
MEANT = "pragma: allowlist secret"
# Shapes and stories made by ourselves, by the megabyte.
MADE = re.compile(r"^(schemas/generated|streams/data|tests/golden|bench/forests|tools/knowledge)/")


def found_in(name: str, lines: list[str]) -> Iterator[str]:
    kinds = SHAPED if name.startswith("tests/") else (*SHAPED, *NAMED)
    plugins = [{"name": kind} for kind in kinds]
    with transient_settings({"plugins_used": plugins, "filters_used": []}):
        for number, line in enumerate(lines, start=1):
            if MAYBE.search(line) and MEANT not in line:
                yield from (f"{name}:{number}: {each.type}" for each in scan_line(line))


def test_no_tracked_file_holds_a_secret() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = [
        secret
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file() and not MADE.match(name)
        for secret in found_in(name, _lines(ROOT / name))
    ]

    assert found == []


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()


# In halves, so that this file holds none itself.
PLANTED = [
    ("password", "docs/x.md", "password = 'correct" + "-horse-battery'"),
    ("in-an-address", "deploy/x.yaml", "url: https://desk:hun" + "ter2@feeds.example/all"),
    ("aws", "tests/x.py", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("github", "tests/x.py", "ghp_" + "a1B2" * 9),
    ("slack", "tests/x.py", "xoxb-" + "123456789012-" + "a1b2c3d4e5f6"),
    ("private-key", "tests/x.pem", "-----BEGIN " + "RSA PRIVATE KEY-----"),
    ("stripe", "tests/x.py", "sk_live_" + "a1B2c3D4" * 3),
    ("jwt", "tests/x.py", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl"),
]


@pytest.mark.parametrize(
    ("name", "line"), [pytest.param(*each[1:], id=each[0]) for each in PLANTED]
)
def test_a_planted_secret_is_found_unless_it_is_meant(name: str, line: str) -> None:
    assert next(found_in(name, ["nothing", line])).startswith(f"{name}:2: ")
    assert list(found_in(name, [f"{line}  # {MEANT}"])) == []


def test_an_invented_password_in_a_test_is_none() -> None:
    assert list(found_in("tests/x.py", ["password = 'correct" + "-horse-battery'"])) == []
