"""The subscriptions file: what is wrong with it is told at once, with line and remedy."""

from pathlib import Path

import pytest
from packaged import packaged_knowledge

from schemas.subscriptions import QuietHours, Subscription
from streams.core.knowledge import Knowledge
from streams.shell.subscribers import SubscriptionsError, load_subscriptions

SOUND = """
# The desk in Quito.
[[subscription]]
id = "quito"
owner = "Quito desk"
channel = "webhook"
target = "env:QUITO_HOOK"
secret = ["env:QUITO_KEY", "env:QUITO_NEXT_KEY"]
to_countries = ["EC"]
topics = ["migration"]
languages = ["es", "pt"]
status = "confirmed"
time_zone = "America/Guayaquil"

[[subscription.quiet]]
begin = "22:00"
end = "06:00"
days = ["sat", "sun"]
"""
ROOT = Path(__file__).resolve().parents[2]
HOOK = {
    "QUITO_HOOK": "https://hooks.example/secret-path",
    "QUITO_KEY": "whsec_" + "A" * 32,
    "QUITO_NEXT_KEY": "whsec_" + "B" * 32,
    "SHORT": "whsec_secret-path",
    "CLEAR": "https://user:secret-path@hooks.example/",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return packaged_knowledge()


def faults_of(text: str, knowledge: Knowledge, folder: Path) -> list[tuple[int, str, str]]:
    path = folder / "subscriptions.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SubscriptionsError) as told:
        load_subscriptions(path, knowledge, HOOK)
    assert "secret-path" not in str(told.value)
    assert all(fault.file == str(path) for fault in told.value.faults)
    return [(fault.line, fault.problem, fault.remedy) for fault in told.value.faults]


def test_a_sound_file_is_read_in_its_order(knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "subscriptions.toml"
    path.write_text(SOUND, encoding="utf-8")

    assert load_subscriptions(path, knowledge, HOOK) == (
        Subscription(
            id="quito",
            owner="Quito desk",
            channel="webhook",
            target="env:QUITO_HOOK",
            secret=("env:QUITO_KEY", "env:QUITO_NEXT_KEY"),
            origin="file",
            to_countries=("EC",),
            topics=("migration",),
            languages=("es", "pt"),
            status="confirmed",
            time_zone="America/Guayaquil",
            quiet=(QuietHours(begin="22:00", end="06:00", days=("sat", "sun")),),
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "problem", "remedy"),
    [
        ("channel", "chanel", 6, "no key 'chanel'", "did you mean channel?"),
        ('"webhook"', '"fax"', 6, "channel is wrong", "'webhook'"),
        ('"quito"', '"Quito!"', 4, "id is wrong", "pattern"),
        ("QUITO_HOOK", "QUITO", 7, "resolves to nothing", "put the address there"),
        ('"EC"', '"ZZ"', 9, "'ZZ' is no country", "ISO 3166-1"),
        ('"migration"', '"migrants"', 10, "no topic 'migrants'", "did you mean 'migration'?"),
        ('"pt"', '"ja"', 11, "'ja' is not read", "de, en, es"),
        ('"confirmed"', '"sure"', 12, "status is wrong", "'confirmed'"),
        ("Guayaquil", "Quitoo", 13, "time_zone is wrong", "tz database"),
        ('"22:00"', '"25:00"', 15, "quiet is wrong", "HH:MM"),
        ('topics = ["migration"]', 'leaders = ["x"]', 10, "nobody has the id 'x'", "leaders list"),
        ("# The", 'who = "us" #', 2, "'who' stands outside", "[[subscription]]"),
        ('"EC"', '"EC', 9, "not TOML", "quotes"),
        ("env:QUITO_HOOK", "env:CLEAR", 7, "user or a password", "signature proves"),
        ("env:QUITO_HOOK", "hooks.example", 7, "no address of the web", "https://host/path"),
        ("env:QUITO_KEY", "env:NOWHERE", 8, "resolves to nothing", "put the secret there"),
        ("env:QUITO_KEY", "env:SHORT", 8, "env:SHORT will not do", "openssl rand"),
        ("env:QUITO_KEY", "whsec_secret-path", 8, "in the open", "env:NAME"),
        ('secret = ["env:QUITO_KEY", "env:QUITO_NEXT_KEY"]', "", 7, "signed", "env:NAME"),
        ('"webhook"', '"email"', 8, "only a webhook has a secret", "take it out"),
        ("to_countries", 'state = "paused"\nto_countries', 9, "no key 'state'", "status"),
        ("to_countries", 'origin = "x"\nto_countries', 9, "no key 'origin'", "the keys are id"),
        ("to_countries", 'type = "silence"\nto_countries', 9, "no key 'type'", "the keys are"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_what_is_wrong_is_told_with_its_line_and_remedy(
    before: str,
    after: str,
    line: int,
    problem: str,
    remedy: str,
    knowledge: Knowledge,
    tmp_path: Path,
) -> None:
    found = faults_of(SOUND.replace(before, after, 1), knowledge, tmp_path)

    assert [each for each in found if each[0] == line and problem in each[1] and remedy in each[2]]


def test_all_faults_are_told_at_once(knowledge: Knowledge, tmp_path: Path) -> None:
    two = SOUND.replace("EC", "ZZ") + SOUND.replace('"es"', '"ja"')

    problems = [problem for _, problem, _ in faults_of(two, knowledge, tmp_path)]

    assert len(problems) == 3
    assert any("the id 'quito' is taken (line 4)" in problem for problem in problems)


def test_a_subscription_that_could_never_match_is_a_fault(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    at_home = SOUND.replace('topics = ["migration"]', 'of_countries = ["EC"]')
    strangers = SOUND.replace(
        'topics = ["migration"]', 'of_countries = ["PE"]\nleaders = ["jose-antonio-kast"]'
    )

    assert "nothing could ever match" in faults_of(at_home, knowledge, tmp_path)[0][1]
    assert "at home in CL" in faults_of(strangers, knowledge, tmp_path)[0][1]


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "no subscription"), (b"\xff", "not in UTF-8")],
    ids=["empty", "no_utf8"],
)
def test_a_file_with_nothing_to_read_is_told(
    content: bytes, problem: str, knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "subscriptions.toml"
    path.write_bytes(content)
    with pytest.raises(SubscriptionsError, match=problem):
        load_subscriptions(path, knowledge, HOOK)


def test_a_file_that_is_not_there_is_told(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(SubscriptionsError, match="No such file"):
        load_subscriptions(tmp_path / "nowhere.toml", knowledge, HOOK)


def test_the_example_is_sound_and_the_page_explains_every_key(knowledge: Knowledge) -> None:
    example = ROOT / "deploy/subscriptions.example.toml"
    keys = {"TRACKER_KEY": HOOK["QUITO_KEY"]}
    page = (ROOT / "docs/subscriptions.md").read_text(encoding="utf-8")

    assert len(load_subscriptions(example, knowledge, keys)) == 4
    explained = set(Subscription.model_fields) - {"type", "origin", "state"}
    assert {key for key in explained if f"`{key}`" not in page} == set()
