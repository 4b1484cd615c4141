"""Reprints count once; other copy, and copy in another language, counts."""

import json
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.alerts import weigh
from streams.core.fold import fold, view
from streams.core.reprints import ALIKE, likeness, outlets, signature, texts
from tests.core.strategies import reported, trip
from tests.core.years import STORIES

WIRE = (
    "LIMA - President José Antonio Kast of Chile will travel to Peru on 12 January for talks with "
    "his counterpart on border security and migration, his office said on Monday. The visit is the "
    "first since he took office and will last two days. He will be accompanied by the foreign "
    "minister and a delegation of business leaders from the north of the country. On the agenda "
    "are a joint patrol of the frontier, the exchange of police data and a railway line between "
    "the two ports. “We have waited for this for many years,” said the mayor of Arica."
)
EDITED = (
    "Lima (own report) – President José Antonio Kast of Chile will travel to Peru on 12 January "
    "for talks with his counterpart on border security and migration, his office announced Monday. "
    "The visit is the first since he took office and will last two days. He will be accompanied by "
    "the foreign minister and a delegation of business leaders. On the agenda are a joint patrol "
    "of the frontier, the exchange of police data and a new railway line between the two ports."
)
OWN_COPY = (
    "Chile's leader is coming to Lima. Sources at the Torre Tagle palace told this newspaper that "
    "José Antonio Kast will be received with military honours on 12 January. Officials here expect "
    "hard bargaining over trains, patrols and who pays for the camps at the border crossing. “We "
    "have waited for this for many years,” said the mayor of Arica, who will make the trip by bus."
)
TRANSLATED = (
    "LIMA - El presidente de Chile, José Antonio Kast, viajará a Perú el 12 de enero para hablar "
    "con su homólogo sobre seguridad fronteriza y migración, informó el lunes su oficina. La "
    "visita es la primera desde que asumió el cargo y durará dos días. Lo acompañarán el "
    "canciller y una delegación de empresarios del norte del país."
)


def told(text, outlet, language="en"):
    claim = trip("PE", when="2026-01-12")
    return reported(
        claim,
        "2026-01-05",
        story=f"story of {outlet}",
        outlet=outlet,
        language=language,
        signature=signature(text),
        same_text_as=text,
    )


WORD_FOR_WORD = told(WIRE, "Wire"), told(WIRE, "Daily")


def counted(*reports):
    """The outlets by their texts, as the dossier shows them."""
    dossier = None
    for report in reports:
        dossier = fold(dossier, report)
    (shown,) = view(dossier).trips
    assert shown.independent_sources == len(shown.told_by)
    return shown.told_by


CASES = {
    "word for word": (WORD_FOR_WORD, [("Daily", "Wire")]),
    "lightly edited": ([told(WIRE, "Wire"), told(EDITED, "Daily")], [("Daily", "Wire")]),
    "own copy that shares a quotation": (
        [told(WIRE, "Wire"), told(OWN_COPY, "Daily")],
        [("Daily",), ("Wire",)],
    ),
    "a translation": (
        [told(WIRE, "Wire"), told(TRANSLATED, "Diario", "es")],
        [("Diario",), ("Wire",)],
    ),
    "all of it": (
        [
            told(OWN_COPY, "Post"),
            told(WIRE, "Wire"),
            told(TRANSLATED, "Diario", "es"),
            told(EDITED, "Daily"),
        ],
        [("Daily", "Wire"), ("Diario",), ("Post",)],
    ),
}


@pytest.mark.parametrize(("reports", "expected"), CASES.values(), ids=CASES)
def test_sources_are_counted_by_the_text_they_have(reports, expected):
    assert counted(*reports) == tuple(expected)
    assert counted(*reversed(reports)) == tuple(expected)


def test_a_language_mistaken_for_another_hides_no_reprint_word_for_word():
    assert counted(told(WIRE, "Wire"), told(WIRE, "Daily", "es")) == (("Daily", "Wire"),)


def test_an_alert_shows_the_sources_so_counted_and_quotes_each_text_once():
    possible = told(OWN_COPY, "Post")
    claim = possible.claim.model_copy(update={"status": "possible"})
    wire = [
        possible.model_copy(update={"claim": claim, "id": "possible"}),
        told(WIRE, "Wire"),
    ]
    dossier = None
    for report in wire:
        dossier = weigh(dossier, fold(dossier, report), report).dossier
    reprinted = told(EDITED, "Daily")
    off = reprinted.claim.model_copy(update={"status": "cancelled"})
    more = [
        reprinted.model_copy(update={"claim": off, "id": "off 1"}),
        told(WIRE, "Wire").model_copy(update={"claim": off, "id": "off 2"}),
    ]
    after = fold(fold(dossier, more[0]), more[1])
    (alert,) = weigh(dossier, after, more[1]).alerts

    assert alert.data.kind == "trip.cancelled"
    assert alert.data.told_by == (("Daily", "Wire"),)
    assert (alert.data.independent_sources, len(alert.data.evidence)) == (1, 1)


def test_a_reprint_of_a_reprint_is_one_of_the_first():
    words = WIRE.split()
    versions = [
        " ".join([f"other{n}" for n in range(changed)] + words[changed:])
        for changed in range(0, 76, 25)
    ]
    chain = [told(text, f"outlet {place}") for place, text in enumerate(versions)]
    alike = [likeness(signature(one), signature(other)) for one, other in pairwise(versions)]

    assert min(alike) >= ALIKE > likeness(signature(versions[0]), signature(versions[-1]))
    assert len(texts(chain)) == 1
    assert len(texts([chain[0], chain[-1]])) == 2
    assert len(texts([chain[0], chain[-1], *chain[1:-1]])) == 1


@given(st.lists(st.sampled_from(CASES["all of it"][0] + list(WORD_FOR_WORD)), max_size=8))
def test_how_many_texts_there_are_does_not_depend_on_the_order(reports):
    assert outlets(texts(reports)) == outlets(texts(reversed(reports)))


def bodies():
    for path in sorted(STORIES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield path.name[:2], json.loads(line)["body"]


def test_different_stories_are_never_one_text():
    signatures = {}
    for language, body in bodies():
        signatures.setdefault(language, []).append(signature(body))
    alike = [
        likeness(one, other)
        for same_language in signatures.values()
        for one, other in combinations(same_language, 2)
    ]

    assert len(alike) > 10_000
    assert max(alike) < ALIKE - 0.1


def test_a_story_cut_in_half_or_lightly_changed_is_the_same_text():
    for _, body in bodies():
        words = body.split()
        half = " ".join(words[: 1 + len(words) * 6 // 10])
        changed = " ".join("other" if place % 12 == 5 else w for place, w in enumerate(words))

        assert likeness(signature(body), signature(half)) >= ALIKE
        assert likeness(signature(body), signature(changed)) >= ALIKE


def test_a_signature_is_small_and_the_same_on_every_machine():
    assert signature(WIRE) == "m2:YHF7doksOxr6EeIdeiPWo3XOT+q2ovXID4UE1MbLCRs"
    assert likeness(signature(WIRE), signature(WIRE)) == 1.0


def test_case_and_punctuation_make_no_other_text_and_a_short_one_has_no_signature():
    assert signature(WIRE.upper().replace(",", " –")) == signature(WIRE)
    assert signature("He will travel to Peru.") is None
    assert signature("") is None


def test_signatures_of_another_version_say_nothing_of_one_another():
    other = signature(WIRE).replace("m2:", "m3:")

    assert likeness(signature(WIRE), other) == 0.0
