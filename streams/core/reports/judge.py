"""Who goes where, and who has asked whom, judged over the whole story.

Operators tell what sentences say; here every pair of somebody and a foreign country, and every
pair that may be inviter and invitee, is weighed by what the whole story shows of it. What operators
told and the whole does not bear out is set aside with its weight; what no operator told and the
whole makes likely is added. The forests are data and were grown on the development stories.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from schemas.base import Dates
from schemas.readings import Rejected
from schemas.reports import InvitationStatus, TripStatus
from streams.core.forest import Forest
from streams.core.people import CastMember
from streams.core.provisional import is_provisional
from streams.core.reports.asking import (
    ANSWERING,
    ASKING,
    Asking,
    Askings,
    count_askings,
    hopeful,
    weighed,
)
from streams.core.reports.features import Pair, count
from streams.core.reports.gatherings import Gathering
from streams.core.reports.invitations import Host, InvitationTold
from streams.core.reports.stage import TRAVEL, Stage, names
from streams.core.reports.timing import Calendar, calendar_of, choose, count_chosen, count_timing
from streams.core.reports.trips import TripTold
from streams.core.reports.venues import Features, Venue, count_venues, ranked
from streams.core.strangers import HOMES, LEADING

VENUES: Final = "venues"
JOURNEYS: Final = "journeys"
NEWS: Final = "news"
ASKINGS: Final = "askings"
GUESTS: Final = "guests"
HOSTS: Final = "hosts"
DAYS: Final = "days"
STAGES: Final[tuple[TripStatus, ...]] = get_args(TripStatus)
FORESTS: Final = (
    HOMES,
    LEADING,
    VENUES,
    JOURNEYS,
    NEWS,
    ASKINGS,
    GUESTS,
    HOSTS,
    DAYS,
    *(f"trip-{stage}" for stage in STAGES),
)
"""Each of these must be there, or none."""

SURE: Final = 0.75
"""Confidence from which what a sentence tells stands, whatever the whole story shows: it names
traveller, place and verb itself."""
_SAID: Final = 0.6
"""What a sentence says of an invitation stands from this much of the likelihood of one unsaid."""
_TOLD: Final = 0.4
"""What operators tell for less than sure needs so much of the likelihood of what none tells."""
LITTLE_DOUBT: Final = 0.65
"""Likelihood from which what no sentence tells by itself raises an alert, of people we know."""
MUCH_DOUBT: Final = 0.3
"""Likelihood below which what a sentence tells by itself raises none."""
_HEADLINE: Final = 3
"""So much less is a headline worth as evidence than a sentence of the story."""
FRESH_DAYS: Final = 3
"""A journey that ended within so many days before publication is still news."""
_OTHER_WAY: Final = 2 / 3
"""An invitation this much less likely than the one back is left out; people do ask each other."""
_OTHER_HOST: Final = 0.6
"""The same beside the guest's likeliest host."""
UNSURE: Final = 0.5
"""What is doubted counts for so much less: below what raises an alert."""
_CUES_OF_COMING = TRAVEL | names(
    "attend confirm onward came_from stay act meet receive received speak accept talks"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the whole story makes of a journey."""

    news: bool
    status: TripStatus
    dates: Dates | None
    """`None` where no day that the story tells is likely to be the journey's."""
    likelihood: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is told, after the whole was weighed."""

    trips: tuple[TripTold, ...]
    invitations: tuple[InvitationTold, ...]
    rejected: tuple[Rejected, ...]
    standings: Mapping[Pair, Standing]


class Judge:
    """Weighs a story's journeys and invitations. Immutable after it is made."""

    def __init__(self, forests: Mapping[str, Forest]) -> None:
        self._forests = forests

    def judge(
        self,
        stage: Stage,
        gathering: Gathering | None,
        trips: Sequence[TripTold],
        invitations: Sequence[InvitationTold],
    ) -> Judgement:
        """Keeps, adds and sets aside."""
        venues = ranked(
            {
                country: self._ask(VENUES, features)
                for country, features in count_venues(stage, gathering, trips).items()
            }
        )
        counts = count(stage, gathering, trips, venues)
        likely = {pair: self._ask(JOURNEYS, found) for pair, found in counts.items()}
        enough = self._forests[JOURNEYS].threshold
        calendar: Calendar | None = None
        standings: dict[Pair, Standing] = {}
        for pair, likelihood in likely.items():
            if likelihood >= enough:
                calendar = calendar or calendar_of(stage)
                counted = count_timing(calendar, pair, gathering, trips)
                dates = choose(self._forests[DAYS], counted)
                when = counts[pair] | count_chosen(dates, stage.published)
                standings[pair] = self._standing(when, dates, likelihood)
        kept, rejected = _borne_out(stage, trips, likely, enough * _TOLD)
        told = {(trip.traveller.id, trip.country) for trip in kept}
        added = [
            replace(
                _added(stage, gathering, pair, standing),
                because=self._reasons(JOURNEYS, counts[pair]),
            )
            for pair, standing in standings.items()
            if pair not in told
        ]
        asked, not_asked = self._invitations(stage, gathering, invitations, likely, venues)
        return Judgement((*kept, *added), asked, (*rejected, *not_asked), standings)

    def _ask(self, forest: str, counts: Features) -> float:
        return self._forests[forest].probability(counts)

    def _reasons(self, forest: str, counts: Features) -> tuple[str, ...]:
        reasons = self._forests[forest].reasons(counts)
        return tuple(f"{name}={counts.get(name, 0)} {by:+.1f}" for name, by in reasons)

    def _standing(self, counts: Features, dates: Dates | None, likelihood: float) -> Standing:
        news = _is_news(counts)
        if news is None:
            news = self._ask(NEWS, counts) >= self._forests[NEWS].threshold
        open_to = _statuses(counts)
        chances = {status: self._ask(f"trip-{status}", counts) for status in open_to}
        status = max(open_to, key=lambda status: chances[status])
        return Standing(news, status, dates, likelihood)

    def _chances(self, found: Askings) -> dict[Asking, float]:
        """How likely each pair is inviter and invitee."""
        guests = {guest: self._ask(GUESTS, counts) for guest, counts in found.guests.items()}
        left = hopeful(found.pairs, guests, self._forests[GUESTS].threshold)
        pairs = {pair: self._ask(ASKINGS, counts) for pair, counts in left.items()}
        hosts = {pair: self._ask(HOSTS, counts) for pair, counts in left.items()}
        return dict.fromkeys(found.pairs, 0.0) | weighed(pairs, guests, hosts)

    def _invitations(
        self,
        stage: Stage,
        gathering: Gathering | None,
        told: Sequence[InvitationTold],
        likely: Mapping[Pair, float],
        venues: Mapping[str, Venue],
    ) -> tuple[tuple[InvitationTold, ...], tuple[Rejected, ...]]:
        found = count_askings(stage, gathering, told, likely, venues)
        counts = found.pairs
        enough = self._forests[ASKINGS].threshold
        chances = self._chances(found)
        likeliest: dict[str, float] = {}
        for (_, guest), chance in chances.items():
            likeliest[guest] = max(chance, likeliest.get(guest, 0))

        def stands(pair: Asking) -> bool:
            """Likely, and neither the other way round nor of another host much likelier."""
            chance = chances[pair]
            back, best = chances.get(pair[::-1], 0), likeliest[pair[1]]
            return chance >= enough and chance >= max(back * _OTHER_WAY, best * _OTHER_HOST)

        kept: list[InvitationTold] = []
        rejected: list[Rejected] = []
        for one in told:
            pair = (one.inviter.id if one.inviter else "", one.invitee.id)
            chance = chances.get(pair, 0.0)
            said = one.confidence >= SURE and chance >= enough * _SAID
            if one.inviter is None:
                kept.append(one)
            elif pair not in chances or said or stands(pair):
                kept.append(replace(one, confidence=_of_told(one.confidence, chance)))
            else:
                reason = f"the story as a whole makes it {chance:.0%} likely"
                text = stage.scenes[one.sentence].sentence.text
                rejected.append(Rejected(text=text, rule=one.rule, reason=reason))
        known = {(one.inviter.id, one.invitee.id) for one in kept if one.inviter}
        kept += [
            replace(
                _asked(stage, gathering, pair, chance),
                because=self._reasons(ASKINGS, counts[pair]),
            )
            for pair, chance in chances.items()
            if pair not in known and stands(pair)
        ]
        return tuple(kept), tuple(rejected)


def _statuses(counts: Features) -> tuple[TripStatus, ...]:
    """Those that the chosen days leave open, and words that tell of earlier times."""
    if counts.get("date") and not counts["date.begun"]:
        return ("possible", "planned", "cancelled")
    if counts.get("date.over"):
        return ("completed", "under_way", "cancelled")
    return ("completed", "cancelled") if counts["told.past"] else STAGES


def _is_news(counts: Features) -> bool | None:
    """Still ahead, or over for more than three days; `None` where the days leave it open."""
    if counts.get("date") and not counts["date.begun"]:
        return True
    if counts.get("date.over") and counts.get("date.end", 0) < -FRESH_DAYS:
        return False
    return False if counts["told.past"] else None


def _borne_out(
    stage: Stage, trips: Sequence[TripTold], likely: Mapping[Pair, float], enough: float
) -> tuple[list[TripTold], list[Rejected]]:
    kept: list[TripTold] = []
    rejected: list[Rejected] = []
    for trip in trips:
        chance = likely.get((trip.traveller.id, trip.country))
        if chance is None:
            kept.append(trip)
            continue
        if chance >= enough or trip.confidence >= SURE:
            kept.append(replace(trip, confidence=_of_told(trip.confidence, chance)))
            continue
        rejected.append(
            Rejected(
                text=stage.scenes[trip.sentence].sentence.text,
                rule=trip.rule,
                reason=f"{trip.traveller.name} to {trip.country}: "
                f"the story as a whole makes it {chance:.0%} likely",
            )
        )
    return kept, rejected


def _added(stage: Stage, gathering: Gathering | None, pair: Pair, standing: Standing) -> TripTold:
    """A journey that no sentence tells by itself."""
    person, country = pair
    sentence = _sentence_of_journey(stage, pair)
    scene = stage.scenes[sentence]
    at = gathering if gathering is not None and gathering.country == country else None
    cities = Counter(s.city for s in stage.spots.get(country, ()) if s.city is not None)
    city = at.city if at and at.city else next(iter(cities), None)
    days = [day for day in scene.days if not day.deadline] or list(scene.days)
    day = days[0] if days else at.day if at else None
    return TripTold(
        traveller=stage.cast[person],
        country=country,
        city=city,
        status=standing.status,
        tense="past" if standing.status == "completed" else "future",
        day=day,
        sentence=sentence,
        rule="weighed",
        confidence=_of_unsaid(standing.likelihood, stage.cast[person]),
        past=not standing.news,
    )


def _sentence_of_journey(stage: Stage, pair: Pair) -> int:
    """The sentence that says it best: who travels, by name, the place, and a word of coming."""
    person, country = pair
    seen = stage.appearances.get(person, ())
    here, named = {a.sentence for a in seen}, {a.sentence for a in seen if a.named}
    there = {s.sentence for s in stage.spots.get(country, ()) if s.kind == "place"}

    def worth(sentence: int) -> int:
        tells = any(cue.family in _CUES_OF_COMING for cue in stage.cues[sentence])
        return 3 * (sentence in here) + 2 * (sentence in there) + (sentence in named) + tells

    return _worthiest(stage, worth)


def _sentence_of_asking(stage: Stage, pair: Asking) -> int:
    """The sentence that says it best: who is asked, by name, a word of asking, and the host."""
    host, guest = pair
    seen = stage.appearances.get(guest, ())
    here, named = {a.sentence for a in seen}, {a.sentence for a in seen if a.named}
    beside = {a.sentence for a in stage.appearances.get(host, ())}

    def worth(sentence: int) -> int:
        row = stage.cues[sentence]
        asking = [cue for cue in row if cue.family in ASKING]
        return (
            3 * (sentence in here)
            + (sentence in named)
            + 2 * bool(asking)
            + any(cue.family in ANSWERING for cue in row)
            + (sentence in beside)
            + any(host in cue.agents for cue in asking)
        )

    return _worthiest(stage, worth)


def _worthiest(stage: Stage, worth: Callable[[int], int]) -> int:
    """The sentence worth most, the first of several. A headline says it in fewer words."""

    def rank(sentence: int) -> tuple[int, int]:
        headline = stage.scenes[sentence].sentence.paragraph < 0
        return (worth(sentence) - _HEADLINE * headline, -sentence)

    return max(range(len(stage.scenes)), key=rank, default=0)


def _asked(
    stage: Stage, gathering: Gathering | None, pair: Asking, chance: float
) -> InvitationTold:
    """An invitation that no sentence tells by itself."""
    host, guest = pair
    member = stage.cast[guest]
    seen = {a.sentence for a in stage.appearances.get(guest, ())}
    sentence = _sentence_of_asking(stage, pair)
    families = {cue.family for n in seen | {sentence} for cue in stage.cues[n]}
    status = _answer_of(families)
    home = _home_of(stage, host)
    at = gathering if gathering is not None and gathering.country != member.country else None
    occasions = [
        cue.mark.category.split(".", 1)[1].replace("_", " ")
        for row in stage.cues
        for cue in row
        if cue.mark.category.startswith("occasion.")
    ]
    return InvitationTold(
        inviter=home,
        invitee=member,
        to=at.country if at is not None else home.country,
        occasion=occasions[0] if occasions else None,
        day=at.day if at is not None else None,
        status=status,
        sentence=sentence,
        rule="weighed",
        confidence=_of_unsaid(chance, member),
    )


def _of_unsaid(chance: float, member: CastMember) -> float:
    """The confidence of what no sentence tells by itself; of whom no file knows, never much."""
    sure = chance >= LITTLE_DOUBT and not is_provisional(member.id)
    return round(chance if sure else chance * UNSURE, 2)


def _of_told(confidence: float, chance: float) -> float:
    """The confidence of what a sentence tells, with what the whole story makes of it."""
    return confidence if chance >= MUCH_DOUBT else round(confidence * UNSURE, 2)


def _answer_of(families: Iterable[str]) -> InvitationStatus:
    found = set(families)
    if "withdraw" in found:
        return "withdrawn"
    if "decline" in found:
        return "declined"
    if found & {"accept", "confirm", "at_invitation"}:
        return "accepted"
    return "possible" if "may_invite" in found else "extended"


def _home_of(stage: Stage, host: str) -> Host:
    member: CastMember | None = stage.cast.get(host)
    if member is not None:
        return Host(member.id, member.name, member.country)
    for scene in stage.scenes:
        for mention in scene.organisations:
            if f"org:{mention.organisation.id}" == host:
                found = mention.organisation
                return Host(host, found.name, found.country)
    raise AssertionError(f"{host} is neither in the cast nor an organisation of the story")
