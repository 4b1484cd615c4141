"""The sources file: what it says, all that is wrong with it at once, and no secret told."""

from pathlib import Path
from typing import Any

import pytest

from streams.shell.intake.entries import adhoc_name, load_sources, one_source
from streams.shell.intake.sources import ENVELOPE, HEADERS, Source, SourcesError
from streams.shell.secret import Secret, SecretError

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "deploy" / "sources.example.toml"
SECRETS = {"ELBSTROM_LOGIN": "me:hunter2", "MARE_ALTA_KEY": "hunter2", "NEWSROOM_BROKER": "b:9092"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    (tmp_path / "key").write_text("hunter2\n")
    return tmp_path


def load(folder: Path, text: str, **environ: str) -> tuple[Source, ...]:
    file = folder / "sources.toml"
    file.write_text(text)
    return load_sources(file, environ)


def faults_of(folder: Path, text: str, **environ: str) -> list[tuple[int, str, str]]:
    with pytest.raises(SourcesError) as caught:
        load(folder, text, **environ)
    assert all(fault.file == str(folder / "sources.toml") for fault in caught.value.faults)
    return [(fault.line, fault.problem, fault.remedy) for fault in caught.value.faults]


def test_the_example_is_without_fault_and_has_every_way(tmp_path: Path) -> None:
    (tmp_path / "drop" / "boreale").mkdir(parents=True)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "mare-alta-next").write_text("hunter3\n")
    file = tmp_path / "sources.toml"
    file.write_bytes(EXAMPLE.read_bytes())
    sources = {source.name: source for source in load_sources(file, SECRETS)}

    assert {source.way for source in sources.values()} == {
        "watch",
        "feed",
        "push",
        "topic",
        "files",
    }
    watch, feed = sources["boreale-ftp"], sources["elbstrom-feed"]
    assert (watch.directory, watch.after) == (tmp_path / "drop" / "boreale", "move")
    assert (watch.outlet, watch.language, watch.silence_s) == ("Agence Boréale", "fr", 1800)
    assert feed.credentials is not None
    assert feed.credentials.reveal() == "me:hunter2"
    assert [key.reveal() for key in sources["mare-alta-push"].keys] == ["hunter2", "hunter3"]
    topic = sources["newsroom-topic"]
    assert topic.brokers is not None
    assert topic.brokers.broker == "b:9092"
    assert dict(topic.headers) == {"format": "content-format", "source": "agency"}
    assert dict(topic.envelope) == {
        "item": "payload.document",
        "encoding": "base64",
        "language": "payload.lang",
    }
    assert sources["rumour-feed"].trust == "low"


def test_the_document_explains_every_key_of_the_example_and_of_a_source() -> None:
    document = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    renamed = {"keys": "key", "brokers": "broker"}

    missing = [
        name
        for name in Source.__dataclass_fields__
        if f"`{renamed.get(name, name)}`" not in document
    ]
    assert missing == []
    assert [name for name in (*HEADERS, *ENVELOPE) if f"`{name}`" not in document] == []


def test_all_faults_are_told_at_once_each_with_its_line_and_a_remedy(folder: Path) -> None:
    text = """\
[[source]]
name = "one"
way = "wach"

[[source]]
name = "one"
way = "feed"
url = "feeds.example/rss"
evry_s = 30
after = "move"
trust = "litle"

[[source]]
way = "watch"
directory = "nowhere"
"""
    assert faults_of(folder, text) == [
        (3, "way is 'wach'", "did you mean 'watch'? it is one of watch, feed, push, topic, files"),
        (6, "the name 'one' is taken (line 2)", "give another name"),
        (8, "url is no address of the web", "write https://host/path"),
        (9, "there is no key 'evry_s'", "did you mean every_s?"),
        (10, "after is for the way 'watch'", "take it out, as this is 'feed'"),
        (11, "trust is 'litle'", "it is one of full, low"),
        (13, "name is missing", 'write name = "…"'),
        (15, f"there is no directory {folder}/nowhere", "make it, or correct the path"),
    ]


WATCH = '[[source]]\nname = "w"\nway = "watch"\ndirectory = "drop"\n'
FEED = '[[source]]\nname = "f"\nway = "feed"\nurl = "https://feeds.example/rss"\n'
PUSH = '[[source]]\nname = "p"\nway = "push"\n'
TOPIC = '[[source]]\nname = "t"\nway = "topic"\n'


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        pytest.param("", 0, "there is no source", "[[source]]", id="an_empty_file"),
        pytest.param('name = "x"\n' + WATCH, 1, "outside a source", "[[source]]", id="loose_key"),
        pytest.param("[[source]]\nname = ", 2, "not TOML", "quotes", id="no_toml"),
        pytest.param("[source]\nname = 'x'", 1, "outside a source", "[[source]]", id="one_bracket"),
        pytest.param(WATCH.replace('"w"', '"A b"'), 2, "name is 'A b'", "hyphens", id="no_slug"),
        pytest.param(
            WATCH.replace('"w"', '"canary"'), 2, "the canary's", "another name", id="canarys_name"
        ),
        pytest.param(WATCH + "settle_s = '2'", 5, "settle_s is '2'", "seconds", id="text_for_time"),
        pytest.param(WATCH + "settle_s = -1", 5, "settle_s is -1", "from 0", id="negative_time"),
        pytest.param(WATCH + "settle_s = true", 5, "settle_s is True", "number", id="yes_for_time"),
        pytest.param(WATCH + 'format = "ninj"', 5, "format is", "'ninjs'?", id="misspelt_format"),
        pytest.param(WATCH + 'language = "fra"', 5, "language is", "639-1", id="other_code"),
        pytest.param(WATCH + 'language = "Fr"', 5, "language is", "639-1", id="capital_code"),
        pytest.param(WATCH + "outlet = 7", 5, "outlet is no text", "quotes", id="number_for_text"),
        pytest.param(FEED + "every_s = 0", 5, "every_s is 0", "from 1", id="no_pause"),
        pytest.param(FEED + 'private = "no"', 5, "private is 'no'", "true or false", id="no_flag"),
        pytest.param(FEED + 'allowed_hosts = ["a b"]', 5, "no list of hosts", "host", id="no_host"),
        pytest.param(FEED + 'allowed_hosts = "a"', 5, "no list of hosts", "host", id="no_list"),
        pytest.param(PUSH, 1, "key is missing", "key", id="a_door_without_a_key"),
        pytest.param(PUSH + "key = []", 4, "key has no reference", "env:NAME", id="no_key_at_all"),
        pytest.param(TOPIC, 1, "topic is missing", "topic", id="no_topic"),
        pytest.param(TOPIC + 'topic = "a/b"', 4, "topic is 'a/b'", "letters", id="no_topic_name"),
        pytest.param(
            TOPIC + 'topic = "a"\nbroker = "b:9092"',
            5,
            "no reference",
            "env:PREFIX_",
            id="a_broker_that_is_no_reference",
        ),
        pytest.param(
            TOPIC + 'topic = "a"\nbroker = "env:NO_"',
            5,
            "has no BROKER",
            "host:port",
            id="a_broker_that_resolves_to_nothing",
        ),
        pytest.param(
            TOPIC + 'topic = "a"\n[source.headers]\nfrmat = "f"',
            6,
            "unknown header",
            "format",
            id="unknown_header",
        ),
        pytest.param(
            TOPIC + 'topic = "a"\n[source.envelope]\nformat = "f"',
            5,
            "envelope has no item",
            'item = "…"',
            id="an_envelope_without_an_item",
        ),
        pytest.param(
            TOPIC + 'topic = "a"\n[source.envelope]\nitem = "a..b"',
            6,
            "item names no field",
            "dots",
            id="no_field",
        ),
        pytest.param(
            TOPIC + 'topic = "a"\n[source.envelope]\nitem = "a"\nencoding = "base46"',
            7,
            "encoding is 'base46'",
            "plain, base64",
            id="unknown_encoding",
        ),
        pytest.param(
            WATCH + 'fromat = "auto"',
            5,
            "there is no key 'fromat'",
            "did you mean format?",
            id="misspelt_key",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    folder: Path, text: str, line: int, problem: str, remedy: str
) -> None:
    found = faults_of(folder, text)

    assert len(found) == 1, found
    assert found[0][0] == line
    assert problem in found[0][1]
    assert remedy in found[0][2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(PUSH + 'key = "hunter2"', "no reference to a secret", id="literal_key"),
        pytest.param(PUSH + 'key = ["file:key", "hunter2"]', "no reference", id="second_literal"),
        pytest.param(PUSH + 'key = "env:NO"', "resolves to nothing: env:NO", id="no_variable"),
        pytest.param(PUSH + 'key = "file:no"', "No such file", id="no_file"),
        pytest.param(PUSH + 'key = "env:EMPTY"', "nothing is there", id="empty_variable"),
        pytest.param(FEED + 'credentials = "me:hunter2"', "no reference", id="literal_login"),
        pytest.param(
            FEED.replace("https://", "https://me:hunter2@"), "holds a user", id="login_in_the_url"
        ),
        pytest.param(
            FEED.replace("https://", "hunter2://"), "no address of the web", id="no_web_address"
        ),
        pytest.param(
            FEED.replace("https://feeds.example/rss", "env:URL"),
            "no address",
            id="url_by_reference",
        ),
    ],
)
def test_no_fault_tells_a_secret(folder: Path, text: str, problem: str) -> None:
    with pytest.raises(SourcesError, match=problem) as caught:
        load(folder, text, EMPTY=" ", URL="hunter2")

    assert "hunter2" not in str(caught.value) + repr(caught.value)


def test_no_representation_tells_a_secret(folder: Path) -> None:
    url = "https://feeds.example/rss?apikey=hunter2"
    text = FEED.replace("https://feeds.example/rss", "env:URL") + 'credentials = "file:key"\n'
    sources = load(folder, text + PUSH + 'key = ["env:KEY", "file:key"]', URL=url, KEY="hunter2")

    assert "hunter2" not in repr(sources)
    assert sources[0].url == url
    assert sources[0].address == "https://feeds.example/rss"


def test_a_secret_in_a_file_is_read_anew_each_time(folder: Path) -> None:
    [source] = load(folder, PUSH + 'key = "file:key"')
    [key] = source.keys
    assert key.reveal() == "hunter2"
    (folder / "key").write_text("hunter3\n")
    assert key.reveal() == "hunter3"
    (folder / "key").unlink()

    with pytest.raises(SecretError, match="No such file"):
        key.reveal()


def test_secrets_are_the_same_when_their_references_are() -> None:
    assert Secret("env:A", {"A": "1"}) == Secret("env:A", {})
    assert Secret("env:A", {}) != Secret("env:B", {})


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"nowhere.toml:0: No such file"):
        load_sources(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize(
    "brokers",
    [
        pytest.param({"broker": "env:THEIRS_"}, id="variables"),
        pytest.param({"broker": "file:theirs.env"}, id="file"),
    ],
)
def test_brokers_of_others_are_set_up_like_our_own(folder: Path, brokers: dict[str, str]) -> None:
    said = {"BROKER": "theirs:9093", "SECURITY_PROTOCOL": "SASL_SSL", "SASL_USERNAME": "me"}
    said["SASL_PASSWORD"] = "hunter2"
    lines = "".join(f"DRAGOMAN_{name}={value}\n" for name, value in said.items())
    (folder / "theirs.env").write_text(lines)
    text = TOPIC + f'topic = "a"\nbroker = "{brokers["broker"]}"'
    [source] = load(folder, text, **{f"THEIRS_{name}": value for name, value in said.items()})

    assert source.brokers is not None
    assert (source.brokers.broker, source.brokers.sasl_username) == ("theirs:9093", "me")
    assert "hunter2" not in repr(source)


def test_a_source_without_a_file_is_checked_alike(tmp_path: Path) -> None:
    entry: dict[str, Any] = {"name": "a", "way": "watch", "directory": str(tmp_path)}

    assert one_source("--watch", entry).directory == tmp_path
    with pytest.raises(SourcesError, match=r"--watch:0: there is no directory"):
        one_source("--watch", entry | {"directory": str(tmp_path / "no")})


def test_names_of_sources_without_a_file_tell_places_apart() -> None:
    places = ["/srv/drop", "/mnt/drop", "/" + "x" * 200, "/ñ"]
    names = [adhoc_name("watch", place) for place in places]

    assert len(set(names)) == len(places)
    for name, place in zip(names, places, strict=True):
        one_source("--watch", {"name": name, "way": "files"})
        assert name == adhoc_name("watch", place)
