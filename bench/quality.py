"""How well stories are read: precision, recall and F1 on labelled whole stories.

`python -m bench.quality` scores both parts and prints a table; `--errors LANGUAGE` lists every
error of that language's development part (never of the test part, which is only scored); `--write`
puts the figures into docs/quality.md and bench/quality.json; `--check` fails where a development
figure has fallen by more than a point against bench/quality.json; `--hide-leaders` reads the
development part once more as if the leader file were empty, and prints both.

A trip is right when traveller and country are; an invitation when inviter and invitee are. Status,
dates and foreground are scored on those that are right; one day told is the same with its end left
open or not, since labellers do both. People are the same when their names or
spellings in the leader file are. With the file hidden from the reader, only the scorer looks into
it, and asks for more: `Names.found`.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bench.report import commit
from schemas.base import EditionId, StoryId
from schemas.readings import Finding, Reading
from schemas.reports import SURE_ENOUGH
from schemas.stories import Story
from streams.core.knowledge import Knowledge, Leader
from streams.core.matching import fold
from streams.core.provisional import is_provisional
from streams.core.reader import RuleReader
from streams.core.spellings import spelling_key
from streams.knowledge import KnowledgeError, load
from streams.knowledge.faults import Faults
from streams.knowledge.models import read_forests, read_topic_weights

PARTS = 5
"""Into which the development stories are dealt; for each there are forests grown without it."""
HERE = Path(__file__).resolve().parent
STORIES = HERE.parent / "tests/golden/stories"
BASELINE = HERE / "quality.json"
FORESTS = HERE / "forests"
"""By part, the forests grown and the weights of topics learned without it."""
REPORT = HERE.parent / "docs/quality.md"
LABELLED_TOPICS = frozenset(("migration", "security", "humanitarian_corridor", "trade"))
SETS = ("news trips", "all trips", "invitations", "alerts", "leaders", "topics")
RATES = ("first found", "status", "dates", "foreground")
_FALL = 0.01

K = TypeVar("K", bound=Hashable)


@dataclass
class Tally:
    """Counts of one language and part. Figures are F1 for sets and shares for rates."""

    stories: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Takes the counts of another in."""
        self.stories += other.stories
        for name in ("right", "wrong", "missed", "hits", "tries"):
            getattr(self, name).update(getattr(other, name))

    def precision(self, name: str) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        found = self.right[name] + self.wrong[name]
        return self.right[name] / found if found else 1.0

    def recall(self, name: str) -> float:
        """Share of what there is that was found; 1 where there is nothing."""
        there = self.right[name] + self.missed[name]
        return self.right[name] / there if there else 1.0

    def f1(self, name: str) -> float:
        """Harmonic mean of the two."""
        double = 2 * self.right[name]
        total = double + self.wrong[name] + self.missed[name]
        return double / total if total else 1.0

    def rate(self, name: str) -> float:
        """Share of tries that hit."""
        return self.hits[name] / self.tries[name] if self.tries[name] else 1.0

    def figures(self) -> dict[str, float]:
        """All of them, by name."""
        found = {name: round(self.f1(name), 4) for name in SETS}
        return found | {name: round(self.rate(name), 4) for name in RATES}


class Names:
    """Tells whether two names are one person's: by the leader file, else letter by letter."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._ids = {
            _plain(name): leader.id
            for leader in knowledge.leaders
            for name in (*leader.aliases, leader.name)
        }
        self._ids |= {_plain(each.name): f"org:{each.id}" for each in knowledge.organisations}
        self._known = frozenset(self._ids.values())

    def key(self, name: str) -> str:
        """The same for all spellings of one person that the files have."""
        plain = _plain(name)
        return self._ids.get(plain, plain)

    def of(self, gold: Mapping[str, Any]) -> Callable[[str], str]:
        """Keys for one story: of people no file knows, a name found has the key of the labelled
        name that is spelt like it, or that has all of its words or all of whose words it has."""
        wanted = {self.key(name) for name in named_in(gold)}

        def key(name: str) -> str:
            own = self.key(name)
            if own in wanted or own in self._known:
                return own
            return next((w for w in sorted(wanted - self._known) if _alike(own, w)), own)

        return key

    def found(self, gold: Mapping[str, Any], _: Reading, /) -> Callable[[str], str]:
        """Keys for the names that a reading has; here the same as those of the labels."""
        return self.of(gold)


class Unaided(Names):
    """Holds a reader that knows no leader against the leader file.

    A provisional leader is the labelled one of the file where the name agrees (a spelling of the
    file, one of the same spelling key, or all words of one and more) and the country, where the
    reader gives one; by the bare surname only where it gives the country. Who has another's name
    and the wrong country is nobody. Heads of organisations have no country in the file.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(knowledge)
        self._leaders = {leader.id: leader for leader in knowledge.leaders}

    def found(self, gold: Mapping[str, Any], reading: Reading, /) -> Callable[[str], str]:
        """Keys for the names that a reading has, by the countries it has them from."""
        labelled = self.of(gold)
        wanted = sorted({labelled(name) for name in named_in(gold)} & self._leaders.keys())
        homes = {
            entity.name: entity.country for entity in reading.entities if is_provisional(entity.id)
        }

        def key(name: str) -> str:
            if name not in homes:
                return labelled(name)
            home = homes[name]
            for leader in wanted:
                if _is_meant(self._leaders[leader], name, home):
                    return leader
            own = labelled(name)
            return f"{own} of {home}" if own in self._leaders else own

        return key


def _is_meant(leader: Leader, name: str, home: str | None) -> bool:
    if home != leader.country and None not in (home, leader.country):
        return False
    plain = _plain(name)
    if " " not in plain:
        return home is not None and plain in {
            _plain(each) for each in (leader.name, *leader.aliases, *leader.surnames)
        }
    return any(_alike(plain, _plain(spelt)) for spelt in (leader.name, *leader.aliases))


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", fold(name).lower()))


def _alike(one: str, other: str) -> bool:
    if spelling_key(one) == spelling_key(other):
        return True
    few, many = sorted((set(one.split()), set(other.split())), key=len)
    return len(few) > 1 and few <= many


def labelled(language: str, part: str) -> Iterator[dict[str, Any]]:
    """The labelled stories of one language and part, as LABELS give them."""
    path = STORIES / f"{language}.{part}.jsonl"
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def part_of(story: str) -> int:
    """The part of a development story, by its id."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % PARTS


def story_of(label: dict[str, Any]) -> Story:
    """A labelled story as the wire would have brought it; a day alone is taken as its evening."""
    published = datetime.fromisoformat(label["published"])
    if len(label["published"]) <= len("2026-01-01"):
        published = published.replace(hour=20)
    if published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    return Story(
        id=StoryId(label["id"]),
        edition=EditionId(label["id"]),
        published_at=published,
        received_at=published,
        source=label.get("source") or "unknown",
        feed="labelled",
        format="ninjs",
        language=label["lang"],
        headline=label.get("headline"),
        dateline=label.get("dateline"),
        body=label["body"],
    )


@dataclass(frozen=True)
class Scored:
    """A story's counts and, in words, what was wrong."""

    tally: Tally
    errors: tuple[str, ...]


def score(label: dict[str, Any], reading: Reading, names: Names) -> Scored:
    """Holds a reading against its labels."""
    tally, errors = Tally(stories=1), []
    gold = label["gold"]
    key, found = names.of(gold), names.found(gold, reading)

    def compare(name: str, want: Iterable[K], read: Iterable[K]) -> None:
        wanted, had = Counter(want), Counter(read)
        tally.right[name] += (wanted & had).total()
        for key in (had - wanted).elements():
            tally.wrong[name] += 1
            errors.append(f"{name}: wrongly {key}")
        for key in (wanted - had).elements():
            tally.missed[name] += 1
            errors.append(f"{name}: missed {key}")

    trips = [f for f in reading.findings if f.claim.kind == "trip"]
    asked = [f for f in reading.findings if f.claim.kind == "invitation"]
    want = sets_of(gold, key)
    compare("news trips", want["news trips"], (_found_key(f, found) for f in trips if f.foreground))
    compare("all trips", want["all trips"], (_found_key(f, found) for f in trips))
    compare("invitations", want["invitations"], (_found_key(f, found) for f in asked))
    sure = [f for f in reading.findings if f.foreground and f.confidence >= SURE_ENOUGH]
    compare("alerts", want["alerts"], {_found_key(f, found) for f in sure})
    people = {found(e.name) for e in reading.entities if e.kind == "leader"}
    compare("leaders", want["leaders"], people)
    topics = {topic.id for topic in reading.topics} & LABELLED_TOPICS
    compare("topics", want["topics"], topics)
    _rate(tally, errors, gold, (trips, asked), (key, found))
    return Scored(tally, tuple(errors))


def sets_of(gold: Mapping[str, Any], key: Callable[[str], str]) -> dict[str, Counter[Hashable]]:
    """What the labels of a story have, by the names of `SETS`; a trip told twice counts twice."""
    news = [trip_key(trip, key) for trip in gold["trips"] if trip["foreground"]]
    asked = [invitation_key(one, key) for one in gold["invitations"]]
    return {
        "news trips": Counter(news),
        "all trips": Counter(trip_key(trip, key) for trip in gold["trips"]),
        "invitations": Counter(asked),
        "alerts": Counter({*news, *asked}),
        "leaders": Counter({key(name) for name in gold["leaders"]}),
        "topics": Counter(set(gold["topics"]) & LABELLED_TOPICS),
    }


def invitation_key(asked: Mapping[str, Any], key: Callable[[str], str]) -> tuple[str, str]:
    """What makes a labelled invitation the same as another: who asks, and who is asked."""
    return (key(asked["inviter"]), key(asked["invitee"]))


def days_of(trip: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The labelled days of a trip; one day told is the same with its end left open or not."""
    return (trip["start"], trip["end"] or trip["start"])


def trip_key(trip: Mapping[str, Any], key: Callable[[str], str]) -> tuple[str, str]:
    """What makes a labelled trip the same as another: traveller and country."""
    return (key(trip["traveller"]), trip["destination"])


def named_in(gold: Mapping[str, Any]) -> Iterator[str]:
    """Whom the labels of a story name, with repetitions."""
    yield from (*gold["leaders"], *gold.get("officials", ()))
    yield from (trip["traveller"] for trip in gold["trips"])
    for asked in gold["invitations"]:
        yield from (asked["inviter"], asked["invitee"])


def _found_key(finding: Finding, key: Callable[[str], str]) -> tuple[str, str]:
    claim = finding.claim
    if claim.kind == "trip":
        return (key(claim.leader.name), claim.destination.country)
    return (key(claim.inviter.name), key(claim.invitee.name))


def _rate(
    tally: Tally,
    errors: list[str],
    gold: dict[str, Any],
    found: tuple[Sequence[Finding], Sequence[Finding]],
    keys: tuple[Callable[[str], str], Callable[[str], str]],
) -> None:
    """Status, dates and foreground of what is right; the story's first news found."""
    key, read = keys
    trips, asked = list(found[0]), list(found[1])
    for want in gold["trips"]:
        pair = trip_key(want, key)
        same = [f for f in trips if _found_key(f, read) == pair]
        if not same:
            continue
        best = max(same, key=lambda f: _likeness(f, want))
        trips.remove(best)
        claim = best.claim
        assert claim.kind == "trip"
        had = (claim.dates.start, claim.dates.end or claim.dates.start)
        _hit(tally, errors, "foreground", pair, best.foreground, want["foreground"])
        if best.foreground and want["foreground"]:
            _hit(tally, errors, "status", pair, claim.status, want["status"])
            _hit(tally, errors, "dates", pair, had, days_of(want))
    for want in gold["invitations"]:
        pair = invitation_key(want, key)
        best_asked = next((f for f in asked if _found_key(f, read) == pair), None)
        if best_asked is not None and best_asked.claim.kind == "invitation":
            _hit(tally, errors, "status", pair, best_asked.claim.status, want["status"])
    news = [trip_key(t, key) for t in gold["trips"] if t["foreground"]]
    news += [invitation_key(one, key) for one in gold["invitations"]]
    if news:
        tally.tries["first found"] += 1
        told = {_found_key(f, read) for f in (*found[0], *found[1])}
        tally.hits["first found"] += news[0] in told


def _likeness(finding: Finding, want: dict[str, Any]) -> tuple[bool, bool]:
    claim = finding.claim
    assert claim.kind == "trip"
    return finding.foreground == want["foreground"], claim.dates.start == want["start"]


def _hit(  # noqa: PLR0917 - a line of a table
    tally: Tally, errors: list[str], name: str, key: object, had: object, want: object
) -> None:
    tally.tries[name] += 1
    tally.hits[name] += had == want
    if had != want:
        errors.append(f"{name}: {key} is {had}, wanted {want}")


def languages() -> tuple[str, ...]:
    """Those that have labelled stories."""
    return tuple(sorted({path.name.split(".")[0] for path in STORIES.glob("*.jsonl")}))


class Readers:
    """The reader as it runs, and for development stories one that has not seen the story."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._whole = RuleReader(knowledge)
        self._unseen = [RuleReader(_unseen(knowledge, part)) for part in range(PARTS)]

    def read(self, label: dict[str, Any], part: str) -> Reading:
        """A labelled story, read by one that has not learned from it."""
        reader = self._unseen[part_of(label["id"])] if part == "dev" else self._whole
        return reader.read(story_of(label))


def _unseen(knowledge: Knowledge, part: int) -> Knowledge:
    """With what was learned without the stories of a part."""
    faults, folder = Faults(), FORESTS / str(part)
    forests = read_forests(folder, faults)
    weights = read_topic_weights(folder, knowledge.topics, knowledge.beside, faults)
    if faults.found:
        raise KnowledgeError(faults.found)
    return replace(knowledge, forests=forests, topic_weights=weights)


def batch_of(story: str) -> int:
    """In which batch a story of its part came, by its id: from 0.

    Development stories from 301 came second, then from 9001, 9501, 10001 and 12001; of the test
    part those from 501 second.
    """
    number = int(story.rsplit("-", 1)[1])
    return (
        (number > 300) + (number > 9000) + (number > 9500) + (number > 10_000) + (number > 12_000)
    )


def measure(readers: Readers, names: Names, part: str) -> dict[str, Tally]:
    """Tallies of a part, by language, `all` and by batch."""
    tallies: dict[str, Tally] = {}
    batches: dict[str, Tally] = {}
    total = Tally()
    for language in languages():
        for label in labelled(language, part):
            counted = score(label, readers.read(label, part), names).tally
            for kept, name in ((tallies, language), (batches, _batch(label["id"]))):
                kept.setdefault(name, Tally()).add(counted)
            total.add(counted)
    return tallies | {"all": total} | dict(sorted(batches.items()))


def _batch(story: str) -> str:
    return f"batch {batch_of(story) + 1}"


def table(tallies: dict[str, Tally]) -> str:
    """A Markdown table: F1 with precision and recall for sets, shares for rates."""
    head = ["", "stories", *(f"{name} F1 (P / R)" for name in SETS), *RATES]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for language, tally in tallies.items():
        cells = [language, str(tally.stories)]
        cells += [
            f"**{tally.f1(name):.2f}** ({tally.precision(name):.2f} / {tally.recall(name):.2f})"
            for name in SETS
        ]
        cells += [f"{tally.rate(name):.2f}" for name in RATES]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def hidden(known: dict[str, Tally], unknown: dict[str, Tally]) -> str:
    """Both tables, and what it costs to know nobody, in points of F1."""
    cost = ", ".join(
        f"{name} {100 * (known['all'].f1(name) - unknown['all'].f1(name)):.1f}"
        for name in SETS
        if name != "topics"
    )
    return (
        f"dev, with the leader file\n{table(known)}\n\n"
        f"dev, with the leader file hidden\n{table(unknown)}\n\n"
        f"points of F1 lost: {cost}"
    )


def falls(before: dict[str, dict[str, float]], now: dict[str, Tally]) -> list[str]:
    """Development figures that fell by more than a point."""
    return [
        f"{language}: {name} fell from {figure:.3f} to {now[language].figures()[name]:.3f}"
        for language, figures in before.items()
        if language in now
        for name, figure in figures.items()
        if now[language].figures()[name] < figure - _FALL
    ]


def _write(parts: dict[str, dict[str, Tally]], knowledge: Knowledge) -> None:
    sections = "\n\n".join(
        f"## {title}\n\n{table(parts[part])}"
        for part, title in (("dev", "Development part"), ("test", "Test part: only ever scored"))
    )
    head = REPORT.read_text("utf-8").split("\n## Development part", 1)[0].rstrip()
    measured = (
        f"\n\n{sections}\n\nMade by `make quality ARGS=--write` at commit `{commit()}`, "
        f"knowledge `{knowledge.version}`.\n"
    )
    REPORT.write_text(head + measured, "utf-8")
    figures = {language: tally.figures() for language, tally in parts["dev"].items()}
    BASELINE.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 1 where `--check` finds a fall."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--errors", metavar="LANGUAGE", help="list the development part's errors")
    parser.add_argument("--write", action="store_true", help="write docs/quality.md and baseline")
    parser.add_argument("--check", action="store_true", help="fail where a figure has fallen")
    parser.add_argument(
        "--hide-leaders",
        action="store_true",
        help="the development part with and without the leader file; with --errors only without",
    )
    chosen = parser.parse_args(arguments)
    knowledge = load()
    readers, names = Readers(knowledge), Names(knowledge)
    if chosen.hide_leaders:
        unaided = Readers(replace(knowledge, leaders=())), Unaided(knowledge)
        if not chosen.errors:
            print(hidden(measure(readers, names, "dev"), measure(*unaided, "dev")))
            return 0
        readers, names = unaided
    if chosen.errors:
        for label in labelled(chosen.errors, "dev"):
            scored = score(label, readers.read(label, "dev"), names)
            for error in scored.errors:
                print(f"{label['id']}  {error}")
        return 0
    parts = {part: measure(readers, names, part) for part in ("dev", "test")}
    for part, tallies in parts.items():
        print(f"{part}\n{table(tallies)}\n")
    if chosen.write:
        _write(parts, knowledge)
    if chosen.check and BASELINE.exists():
        fallen = falls(json.loads(BASELINE.read_text("utf-8")), parts["dev"])
        for line in fallen:
            print(line, file=sys.stderr)
        return 1 if fallen else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
