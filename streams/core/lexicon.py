"""The closed list of what a language's lexicon holds, and how its phrases match.

A phrase is lower-case words as written. A final `*` on a word matches any ending ('visit*'). An
ellipsis ` … ` stands for what German and others put between the halves of a verb ('traf … ein');
the second half must follow in the same sentence. What a category means for the reader is said here
and nowhere else; which phrases are in it is data.
"""

from types import MappingProxyType
from typing import Final

_MEANING: Final = {
    # Travel. The one who acts goes to a place.
    "go.past": "verbs of going to a place, told as done: travelled to, visited",
    "go.present": "the same, told as going on or as a fixed plan: is travelling, visits",
    "go.future": "the same, told as still to come: will travel, is due to visit",
    "go.bare": "the same as infinitive or gerund, whose sense another verb decides: to visit",
    "go.possible": "verbs of going with the doubt in them: may visit, could travel to",
    "arrive.past": "has got there: arrived, landed; the journey is under way",
    "arrive.present": "arrives, lands, begins a visit: today or on the day that is said",
    "depart": "has set out for there",
    "leave": "has left the place that follows: left Quito",
    "end": "verbs that end a journey: ended, concluded his visit",
    "trip_noun": "nouns for a journey to one place: visit, trip, stay",
    "stop_noun": "nouns for a stop on the way: stop, layover",
    "include": "verbs by which a plan of journeys lists its places: include, take in",
    # Meetings. They imply the journey of whoever is not at home where they are held.
    "meet.past": "met, held talks",
    "meet.present": "meets, is meeting",
    "meet.future": "will meet, is to meet",
    "receive.past": "the host acts: received, welcomed, hosted",
    "receive.present": "receives, welcomes",
    "receive.future": "will receive, is to host",
    "received.past": "the guest is the subject: was received by, was welcomed in",
    "received.present": "is received by",
    "received.future": "will be received by",
    "attend": "is among the guests of a gathering: attends, comes, takes part, is represented by",
    "stand_in": "comes in someone else's place: represented by, sent, stands in for",
    "accompany": "travels with someone: accompanied by, in the delegation",
    # Invitations.
    "invite.done": "the one who acts has asked someone to come: invited, extended an invitation to",
    "invite.possible": "will or wants to ask someone to come",
    "invited": "the guest is the subject: was invited by, received an invitation from",
    "at_invitation": "at the invitation of: an invitation that was accepted, and a journey",
    "accept": "accepts an invitation",
    "decline": "declines an invitation",
    "withdraw": "takes an invitation back",
    "invitation_noun": "invitation",
    # How sure, and how it stands.
    "possible": "the journey is only possible: possible, might, considers, open to",
    "planned": "a plan is stated: plans to, is scheduled to",
    "cancel": "called off",
    "postpone": "put off to another date",
    "negate": "not, never",
    "background": "marks what is told of the past: last year, months ago, earlier, previous",
    "tense.past": "auxiliaries and verbs that put a sentence in the past: had, was, made",
    "tense.future": "those that put it in the future: will, is to",
    # Occasions, by name.
    "occasion.inauguration": "a swearing-in or handover of power",
    "occasion.summit": "a summit or conference of leaders",
    "occasion.state_visit": "a state or official visit",
    "occasion.funeral": "a funeral",
    "occasion.ceremony": "another ceremony or anniversary",
    # Hints: words that tell nothing alone, but weigh in when a journey or an invitation is judged
    # as a whole. Liberal where the categories above are strict.
    "hint.onward": "a journey goes on, and its stops: continues to, last leg, itinerary",
    "hint.came_from": "where somebody comes from: returned from, fresh from",
    "hint.stay": "somebody is in a place: is in, stays, during his stay",
    "hint.speak": "speaking somewhere: speech, news conference",
    "hint.act": "what visitors do: signed, laid a wreath, dinner, guard of honour, sidelines",
    "hint.party": "who travels along: delegation, with him, led by",
    "hint.hosting": "where a gathering is held and by whom: host, venue, takes place in",
    "hint.aircraft": "planes, airports, trains",
    "hint.remote": "dealings at a distance: by telephone, letter, embassy, spokesman",
    "hint.screen": "meeting by video, nobody leaving home: video link, virtual summit, on screen",
    "hint.crowd": "others and things that move between countries: migrants, troops, goods",
    "hint.ask": "asking somebody to come, in any form of any verb: invit*, asked to, guest of",
    "hint.absent": "somebody does not come, or another in his place: stays away, represented",
    "hint.confirm": "among those who come: confirmed, guest list, expected, participants",
    "hint.talks": "talks and meetings, as verb or noun",
    "hint.domestic": "politics at home: parliament, campaign, election",
    "hint.past": "what lies back: ago, previous, since",
    # People.
    "elect": "behind or before a title: elect, designate",
    "former": "before a title: former, ex-",
    "pronoun.subject": "he, she as subject",
    "woman": "first word of a reference to a woman: she, the queen; la, die, elle",
    "man": "first word of a reference to a man: he, the king; el, der, il",
    "pronoun.object": "him, her as object",
    "pronoun.pair": "both leaders, the two presidents",
    "companion": "words before someone who is not the subject: with, accompanied by",
    "counterpart": "someone of the same office elsewhere: counterpart, colleague",
    "possessive": "his, her before a noun of travel or an occasion",
    "and": "joins people or places into a list",
    "name_particle": "small words inside a name: de, van, bin",
    # Places.
    "capital": "beside a country's adjective or name, stands for its capital city: capital",
    "in_place": "words before a place where something happens: in, at",
    "to_place": "words before a place one goes to: to, for",
    "to_person": "words before whom something is given or sent to: to, for",
    "via": "before a place one has been to: after, from, following",
    "ordinal": "second, third: a journey counted among others",
    # Time. Months and days of the week are numbered as in ISO 8601.
    **{f"month.{n}": "name and abbreviations of a month" for n in range(1, 13)},
    **{f"weekday.{n}": "name and abbreviations of a day of the week" for n in range(1, 8)},
    "day.today": "today, tonight, this morning",
    "day.tomorrow": "tomorrow",
    "day.yesterday": "yesterday",
    "day.eve": "the day before the one told last: the day before, the eve",
    "day.after": "the day after the one told last: the next day",
    "date.number": "words before the bare number of a day: le 27, el día 9",
    "date.of": "small words inside a date: of, the",
    "date.to": "joins two days to a span: to, until",
    "date.last": "last, past",
    "date.next": "next, coming",
    "date.this": "this",
    "date.week": "week",
    "date.month": "month",
    "date.year": "year",
    "date.before": "before a deadline: before, by",
    "date.before_office": "before taking office: the deadline is the day the office begins",
    "date.then": "connects to the day told last: then, afterwards",
    # The page.
    "abbreviation": "words whose full stop ends no sentence",
    "chrome": "lines of page furniture: cookies, newsletter, share, credits",
    "teaser": "lines after which a page shows other stories: related, read also",
}

CATEGORIES: Final[frozenset[str]] = frozenset(_MEANING)
"""Every lexicon has each of these and no other."""

MEANING: Final = MappingProxyType(_MEANING)
"""Category to what it means, for editors."""
