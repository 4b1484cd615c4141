"""How fast whole stories are read on one core, in how much memory, and where the time goes.

`python -m bench.speed` reads the labelled development stories: those with a trip or an invitation
are *diplomatic copy*; *mixed* has one of them for every four without. `--spacy PYTHON` names an
interpreter that has spaCy and its small English model: it reads the English ones in the same run,
on the same core. `--write` puts the figures into docs/speed.md. Rounds are short and bounded; what
counts on a shared machine is the ratio, not the figure. Where the core is compiled
(`make compiled`), it is also measured as written, in the same run.
"""

import argparse
import cProfile
import hashlib
import json
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.quality import labelled, languages, story_of
from schemas.stories import Story
from streams.core.build import build
from streams.core.reader import RuleReader
from streams.knowledge import load

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent / "docs/speed.md"
ROUNDS = 5
_QUIET_FOR_ONE = 4
_MOST_MODULES = 12
_MEBIBYTE = 1 << 10
"""In kB."""


def corpora() -> dict[str, list[Story]]:
    """Name to stories, in a fixed order."""
    told: list[Story] = []
    quiet: list[Story] = []
    for language in languages():
        for label in labelled(language, "dev"):
            gold = label["gold"]
            (told if gold["trips"] or gold["invitations"] else quiet).append(story_of(label))
    some = told[:: max(1, len(told) * _QUIET_FOR_ONE // len(quiet))]
    return {"mixed": [*quiet, *some], "diplomatic copy": told}


def rates(reader: RuleReader, stories: Sequence[Story]) -> list[float]:
    """Stories a second of processor time, of each round: what else runs here counts little."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for story in stories:
            reader.read(story)
        found.append(len(stories) / (time.process_time() - began))
    return found


def digest(reader: RuleReader, stories: Sequence[Story]) -> str:
    """Of all readings, in the order of their stories' ids: the same on every machine and run."""
    total = hashlib.sha256()
    for story in sorted(stories, key=lambda story: story.id):
        total.update(reader.read(story).model_dump_json(exclude={"knowledge"}).encode())
    return total.hexdigest()[:16]


def where(reader: RuleReader, stories: Sequence[Story]) -> list[tuple[str, float]]:
    """Share of the time spent in each module itself and in what it calls outside the reader."""
    profile = cProfile.Profile()
    profile.enable()
    for story in stories:
        reader.read(story)
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():
        if "streams/core/" in file:
            spent[_module(file)] += own
            continue
        for (caller, _, _), (_, _, by_it, _) in callers.items():
            inside = "streams/core/" in caller
            spent[_module(caller) if inside else "libraries, among themselves"] += by_it
    whole = sum(spent.values())
    return [(name, seconds / whole) for name, seconds in spent.most_common(_MOST_MODULES)]


def _module(file: str) -> str:
    return file.split("streams/core/", 1)[1].removesuffix(".py")


def memory() -> tuple[float, float]:
    """Resident now and at most, in MiB (Linux)."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    found = dict(line.split(":", 1) for line in status)
    return tuple(int(found[key].split()[0]) / _MEBIBYTE for key in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def spacy_seconds(python: str, stories: Sequence[Story]) -> float:
    """What spaCy's small English model takes for them, in a process of its own on this core."""
    texts = json.dumps([f"{story.headline}\n\n{story.body}" for story in stories])
    command = [python, str(HERE / "spacy_pipe.py")]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True)
    return float(done.stdout)


def as_written() -> dict[str, list[float]]:
    """The rates of the same core interpreted, in a process of its own on this core."""
    command = [sys.executable, "-m", "bench.interpreted", "--rates"]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def _table(sizes: Mapping[str, int], found: Mapping[str, Sequence[float]]) -> list[str]:
    """Rates of this build; beside a compiled one, those of the core as written."""
    compiled = build() == "compiled"
    other = as_written() if compiled else {}
    columns = [f"{build()}, a second: median (lowest to highest)"]
    columns += ["interpreted", "ratio"] if compiled else []
    lines = [f"| stories | how many | {' | '.join(columns)} |", "|---|---" + "|---" * len(columns)]
    lines[1] += "|"
    for name, rounds in found.items():
        cells = [name, str(sizes[name]), _span(rounds)]
        if compiled:
            ratio = statistics.median(rounds) / statistics.median(other[name])
            cells += [_span(other[name]), f"{ratio:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _span(rounds: Sequence[float]) -> str:
    return f"**{statistics.median(rounds):.0f}** ({min(rounds):.0f} to {max(rounds):.0f})"


def _time_goes(reader: RuleReader, stories: Sequence[Story]) -> list[str]:
    if build() == "compiled":
        return ["", "Where the time goes is told of the core as written only."]
    lines = ["", "| where the time goes | share |", "|---|---|"]
    return lines + [f"| {name} | {share:.0%} |" for name, share in where(reader, stories)]


def report(spacy: str | None) -> str:
    """All figures as Markdown."""
    cores = getattr(os, "sched_getaffinity", None)
    if cores is not None:
        os.sched_setaffinity(0, {max(cores(0))})
    reader = RuleReader(load())
    loaded, _ = memory()
    sets = corpora()
    every = list({story.id: story for stories in sets.values() for story in stories}.values())
    for story in every:
        reader.read(story)
    found = {name: rates(reader, stories) for name, stories in sets.items()}
    after, most = memory()
    lines = _table({name: len(stories) for name, stories in sets.items()}, found)
    lines += ["", f"Memory: {loaded:.0f} MiB with the knowledge loaded, {after:.0f} after reading,"]
    lines += [f"{most:.0f} at most. Digest of all readings: `{digest(reader, every)}`.", ""]
    english = [story for story in every if story.language == "en"]
    if spacy:
        ours = len(english) / statistics.median(rates(reader, english))
        ratio = spacy_seconds(spacy, english) / ours
        lines.append(
            f"The {len(english)} English ones take spaCy's small English model (whole pipeline, "
            f"same core, same run) **{ratio:.1f} times** as long."
        )
    else:
        lines.append("spaCy was not compared: name its interpreter with --spacy.")
    return "\n".join((*lines, *_time_goes(reader, every)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints, and writes if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--spacy", metavar="PYTHON", help="an interpreter that has spaCy")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/speed.md")
    parser.add_argument("--digest", action="store_true", help="only that of the mixed stories")
    parser.add_argument("--rates", action="store_true", help="only those, as JSON")
    chosen = parser.parse_args(arguments)
    if chosen.digest:
        print(digest(RuleReader(load()), corpora()["mixed"]))
        return 0
    if chosen.rates:
        reader = RuleReader(load())
        print(json.dumps({name: rates(reader, stories) for name, stories in corpora().items()}))
        return 0
    figures = report(chosen.spacy)
    print(figures)
    if chosen.write:
        before, _, rest = REPORT.read_text("utf-8").partition(f"## {build().capitalize()}\n")
        _, mark, after = rest.partition("\n## ")
        REPORT.write_text(
            f"{before}## {build().capitalize()}\n\n{figures}\n{mark}{after}".rstrip() + "\n",
            "utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
