"""What can be counted between one who may have invited and one who may have been.

The same kind of features as `features` has, for ordered pairs of people, or of an organisation and
a person.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from streams.core.reports.features import occasions_hosted
from streams.core.reports.gatherings import Gathering
from streams.core.reports.invitations import InvitationTold
from streams.core.reports.stage import Appearance, Cue, Stage, names
from streams.core.reports.venues import NOWHERE, Features, Venue

Asking = tuple[str, str]
"""Id of who may have invited, and of who may have been invited."""

Found = TypeVar("Found")
"""What is known of a pair."""


@dataclass(frozen=True, slots=True)
class Askings:
    """What was counted of a story."""

    pairs: Mapping[Asking, Features]
    """Of every pair that may be inviter and invitee."""
    guests: Mapping[str, Features]
    """Of everyone in these who may be invited, by whomever: the most that any host has of a count
    between the two."""


@dataclass(frozen=True, slots=True)
class _Host:
    """Somebody or an organisation that may invite."""

    id: str
    home: str | None
    seen: Sequence[Appearance]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted once for a story."""

    stage: Stage
    gathering: Gathering | None
    hosted: Mapping[str, set[str]]
    does: Mapping[str, Counter[str]]
    rank: Mapping[str, int]
    """Place in the order of mentions, from 0."""
    venues: Mapping[str, Venue]
    asked: Mapping[str, int]
    """How often each is the one who asks."""
    since: Mapping[str, Mapping[str, int]]
    """By guest, then by host: how many sentences lie between the guest's answer, or where they
    are spoken of as asked, and the last before it in which the host asks or plays host."""


ASKING = names("ask invite may_invite invited at_invitation invitation")
ANSWERING = names("accept decline withdraw confirm absent attend")
_TOLD = ASKING | ANSWERING | names("remote act talks receive meet hosting party")
_PLAYING_HOST = names("ask invite may_invite invitation hosting receive")
_LONG_SINCE = 9
_FAR = 40
_LEAST_CHANCE = 1e-6
_HOPELESS = 0.25
"""A guest with less than so much of the likelihood of one who is asked is let go with all hosts."""
_KINDS = {"person": 0, "official": 1, "leader": 2}


def count_askings(
    stage: Stage,
    gathering: Gathering | None,
    told: Sequence[InvitationTold],
    journeys: Mapping[tuple[str, str], float],
    venues: Mapping[str, Venue],
) -> Askings:
    """Features of pairs and of guests, where the story speaks of asking.

    `journeys`: how likely each (person, country) is a journey, 0 to 1.
    """
    families = Counter(cue.family for row in stage.cues for cue in row)
    if not any(families[family] for family in ASKING):
        return Askings({}, {})
    does: dict[str, Counter[str]] = defaultdict(Counter)
    for row in stage.cues:
        for cue in row:
            for agent in cue.agents:
                does[agent][cue.family] += 1
    story = {
        "s.cast": min(len(stage.cast), 20),
        "s.gathering": int(gathering is not None),
        "s.inauguration": min(families["inauguration"], 4),
        "s.summit": min(families["summit"], 4),
        **{f"s.{family}": min(families[family], 5) for family in sorted(ASKING | ANSWERING)},
    }
    mentions = Counter({person: len(seen) for person, seen in stage.appearances.items()})
    rank = {person: n for n, (person, _) in enumerate(mentions.most_common())}
    by_pair: dict[Asking, list[InvitationTold]] = defaultdict(list)
    for one in told:
        by_pair[one.inviter.id if one.inviter else "", one.invitee.id].append(one)
    found: dict[Asking, Features] = {}
    most: dict[str, Features] = {}
    asked = {
        person: sum(n for f, n in done.items() if f in ASKING) for person, done in does.items()
    }
    hosted = occasions_hosted(stage)
    counted = _Counted(stage, gathering, hosted, does, rank, venues, asked, _since(stage))
    guests = {
        guest: (member.country, _count_guest(guest, counted))
        for guest, member in stage.cast.items()
        if member.kind != "person"
    }
    for (guest, _), chance in journeys.items():
        if guest in guests:
            of_guest = guests[guest][1]
            of_guest["journey.most"] = max(of_guest.get("journey.most", 0), int(100 * chance))
    for host in _hosts(stage):
        of_host = _count_host(host, counted)
        for guest, (country, of_guest) in guests.items():
            if guest == host.id or (host.home and host.home == country):
                continue
            features: Features = {}
            _count_told(features, (host.id, guest), by_pair)
            features["journey"] = int(100 * journeys.get((guest, host.home or ""), 0))
            features["journey.back"] = int(100 * journeys.get((host.id, country or ""), 0))
            features["n.since"] = counted.since.get(guest, {}).get(host.id, _LONG_SINCE)
            _count_between(features, stage, host, guest)
            found[host.id, guest] = story | of_host | of_guest | features
            best = most.setdefault(guest, story | of_guest)
            for name, n in features.items():
                if n > best.get(name, 0):
                    best[name] = n
    return Askings(found, most)


def hopeful(
    pairs: Mapping[Asking, Found], guests: Mapping[str, float], threshold: float
) -> dict[Asking, Found]:
    """The pairs whose guest may be asked by anybody; `threshold`: of who is."""
    least = threshold * _HOPELESS
    return {pair: found for pair, found in pairs.items() if guests[pair[1]] >= least}


def weighed(
    pairs: Mapping[Asking, float], guests: Mapping[str, float], hosts: Mapping[Asking, float]
) -> dict[Asking, float]:
    """How likely each pair is: the middle, in log-odds, of two answers.

    The one is what the pair says by itself (`pairs`); the other how likely its guest is asked by
    anybody (`guests`), shared out by how likely each host is the one (`hosts`).
    """
    shares: dict[str, float] = defaultdict(float)
    for host, guest in pairs:
        shares[guest] += _odds(hosts[host, guest])
    found = {}
    for (host, guest), chance in pairs.items():
        shared = guests[guest] * _odds(hosts[host, guest]) / shares[guest]
        middle = math.sqrt(_odds(chance) * _odds(shared))
        found[host, guest] = middle / (1 + middle)
    return found


def _odds(chance: float) -> float:
    """Of what is never quite sure."""
    kept = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    return kept / (1 - kept)


def _since(stage: Stage) -> dict[str, dict[str, int]]:
    """See `_Counted.since`."""
    told: dict[str, int] = {}
    found: dict[str, dict[str, int]] = defaultdict(dict)
    people: dict[int, set[str]] = defaultdict(set)
    for person, seen in stage.appearances.items():
        for appearance in seen:
            people[appearance.sentence].add(person)
    for number, row in enumerate(stage.cues):
        for cue in row:
            if cue.family in _PLAYING_HOST:
                told.update(dict.fromkeys(cue.agents, number))
        if not any(cue.family in ANSWERING or cue.family in ASKING for cue in row):
            continue
        for guest in people[number]:
            for host, when in told.items():
                gap = min(number - when, _LONG_SINCE)
                found[guest][host] = min(gap, found[guest].get(host, _LONG_SINCE))
    return dict(found)


def _hosts(stage: Stage) -> list[_Host]:
    """Everyone and every organisation that may invite."""
    found: dict[str, tuple[str | None, list[Appearance]]] = {
        person: (member.country, stage.appearances.get(person, []))
        for person, member in stage.cast.items()
        if member.country is not None
    }
    for number, scene in enumerate(stage.scenes):
        for mention in scene.organisations:
            key = f"org:{mention.organisation.id}"
            entry = found.setdefault(key, (mention.organisation.country, []))
            entry[1].append(
                Appearance(number, mention.start, mention.end, company=False, named=True)
            )
    return [_Host(host, home, seen) for host, (home, seen) in found.items()]


def _count_host(host: _Host, counted: _Counted) -> Features:
    stage, home, gathering = counted.stage, host.home, counted.gathering
    member = stage.cast.get(host.id)
    features: Features = {
        "h.kind": _KINDS[member.kind] if member else 3,
        "h.rank": min(counted.rank.get(host.id, 9), 9),
        "h.n": min(len(host.seen), 8),
        "h.first": min((a.sentence for a in host.seen), default=12),
        "h.gathering": int(gathering is not None and gathering.country == home),
        "h.dateline": int(home is not None and stage.dateline == home),
        "h.venue": int(100 * counted.venues.get(home or "", NOWHERE).chance),
        "h.venue_rank": counted.venues.get(home or "", NOWHERE).rank,
        "h.asks": min(counted.asked.get(host.id, 0), 5),
        "h.asks_most": int(counted.asked.get(host.id, 0) >= max(counted.asked.values(), default=1)),
        "h.of_home": int(
            member is not None
            and member.kind == "leader"
            and sum(m.country == home and m.kind == "leader" for m in stage.cast.values()) == 1
        ),
    }
    for family in counted.hosted.get(home or "", ()):
        features[f"h.hosts.{family}"] = 1
    for family, n in counted.does.get(host.id, {}).items():
        if family in _TOLD:
            features[f"h.does.{family}"] = min(n, 3)
    for appearance in host.seen:
        for cue in stage.cues[appearance.sentence]:
            if cue.family in ASKING:
                features[f"h.with.{cue.family}"] = 1
    return features


def _count_guest(guest: str, counted: _Counted) -> Features:
    stage = counted.stage
    seen = stage.appearances.get(guest, [])
    asked = [n for n, row in enumerate(stage.cues) if any(c.family in ASKING for c in row)]
    features: Features = {
        "g.kind": _KINDS[stage.cast[guest].kind],
        "g.rank": min(counted.rank.get(guest, 9), 9),
        "g.n": min(len(seen), 8),
        "g.first": min((a.sentence for a in seen), default=12),
        "g.crowd": max(
            (len({p.member.id for p in stage.scenes[a.sentence].people}) for a in seen), default=0
        ),
        "g.gap": min((abs(a.sentence - n) for a in seen for n in asked), default=20),
    }
    for family, n in counted.does.get(guest, {}).items():
        if family in _TOLD:
            features[f"g.does.{family}"] = min(n, 3)
    for appearance in seen:
        for cue in stage.cues[appearance.sentence]:
            if cue.family in ASKING or cue.family in ANSWERING:
                features[f"g.with.{cue.family}"] = 1
    return features


def _count_told(
    features: Features, pair: Asking, by_pair: Mapping[Asking, Sequence[InvitationTold]]
) -> None:
    host, guest = pair
    mine = by_pair.get(pair, ())
    features["told"] = int(100 * max((t.confidence for t in mine), default=0))
    for one in mine:
        features[f"told.{one.rule.split(':', 1)[-1]}"] = 1
    features["told.other_host"] = sum(who == guest and by not in (host, "") for by, who in by_pair)
    features["told.other_guest"] = min(sum(by == host and who != guest for by, who in by_pair), 4)
    features["told.answer"] = int(("", guest) in by_pair)
    features["told.back"] = int((guest, host) in by_pair)


def _count_between(features: Features, stage: Stage, host: _Host, guest: str) -> None:
    """In sentences that speak of asking: who does it, and who stands where."""
    hosts, guests = _by_sentence(host.seen), _by_sentence(stage.appearances.get(guest, ()))
    for number, row in enumerate(stage.cues):
        here, there = hosts.get(number, []), guests.get(number, [])
        asks = False
        for cue in row:
            if cue.family in ASKING:
                asks = True
                _count_order(features, cue, here, there)
            elif cue.family not in ANSWERING:
                continue
            if here and there:
                features[f"b.with.{cue.family}"] = 1
                if any(a.start < b.start for a in here for b in there):
                    features["b.host_first"] = 1
            if here and host.id in cue.agents:
                features[f"b.host_does.{cue.family}"] = 1
            if there and guest in cue.agents:
                features[f"b.guest_does.{cue.family}"] = 1
        if asks:
            _count_apart(features, stage, number, (host.id, hosts), (guest, guests))
    _count_nearest(features, stage, host.seen, stage.appearances.get(guest, ()))
    features["b.same"] = len(hosts.keys() & guests.keys())


def _count_apart(
    features: Features,
    stage: Stage,
    number: int,
    host: tuple[str, Mapping[int, object]],
    guest: tuple[str, Mapping[int, object]],
) -> None:
    """One is in a sentence that speaks of asking, the other its subject or in one beside it."""
    (inviter, hosts), (invitee, guests) = host, guest
    here, there = number in hosts, number in guests
    subject = stage.scenes[number].subject
    if subject is not None and subject.id == inviter and there:
        features["b.subject_host"] = 1
    if subject is not None and subject.id == invitee and here:
        features["b.subject_guest"] = 1
    for step in (-2, -1, 1, 2):
        if here and number + step in guests:
            features[f"n.guest{step}"] = 1
        if there and number + step in hosts:
            features[f"n.host{step}"] = 1


def _by_sentence(seen: Sequence[Appearance]) -> dict[int, list[Appearance]]:
    found: dict[int, list[Appearance]] = defaultdict(list)
    for appearance in seen:
        found[appearance.sentence].append(appearance)
    return dict(found)


def _count_order(
    features: Features, cue: Cue, here: Sequence[Appearance], there: Sequence[Appearance]
) -> None:
    """On which side of a word of asking they stand, and in which order all three."""
    for name, appearances in (("host", here), ("guest", there)):
        for appearance in appearances:
            side = "before" if appearance.end <= cue.start else "behind"
            features[f"b.{name}_{side}.{cue.family}"] = 1
    for a in here:
        for b in there:
            features[f"b.{_order(a, b, cue.start)}.{cue.family}"] = 1


def _count_nearest(
    features: Features, stage: Stage, hosts: Sequence[Appearance], guests: Sequence[Appearance]
) -> None:
    """Words from a word of asking to host and guest, and who stands nearer to it than they."""
    for name, appearances in (("host", hosts), ("guest", guests)):
        best = _FAR
        for appearance in appearances:
            scene = stage.scenes[appearance.sentence]
            for cue in stage.cues[appearance.sentence]:
                if cue.family not in ASKING:
                    continue
                low, high = sorted((appearance.start, cue.start))
                best = min(best, len(scene.lowered[low:high].split()))
                if not any(low < a.start < high for a in scene.actors):
                    features[f"b.{name}_next.{cue.family}"] = 1
        features[f"b.{name}_words"] = best


def _order(host: Appearance, guest: Appearance, at: int) -> str:
    """Letters in the order of the sentence: h for the host, x for the word, g for the guest."""
    return "".join(
        letter for _, letter in sorted(((host.start, "h"), (guest.start, "g"), (at, "x")))
    )
