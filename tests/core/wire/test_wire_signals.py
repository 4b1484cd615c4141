"""Words that withdraw, correct or repeat a story, in the languages of the wires."""

import pytest

from streams.core.wire.signals import from_code, from_headline, from_note, strongest


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("KILL KILL KILL. Please kill item dpa 157", "kill"),
        ("Eds: A kill is mandatory. The visit did not take place.", "kill"),
        ("MANDATORY KILL", "kill"),
        ("This story has been withdrawn.", "kill"),
        ("ANULADO: la visita no tuvo lugar", "kill"),
        ("Zurückgezogen", "kill"),
        ("CORRECTS that the visit is in March, not May", "correction"),
        ("Corrected version", "correction"),
        ("(Berichtigung: Name im zweiten Absatz)", "correction"),
        ("Corrige el nombre del canciller", "correction"),
        ("Corrigé: bien lire lundi", "correction"),
        ("Rectificatif au 2e paragraphe", "correction"),
        ("CORREÇÃO no terceiro parágrafo", "correction"),
        ("Corregge il nome", "correction"),
        ("Refiles to fix typo", "refile"),
        ("REPEAT of story first sent on Monday", "repeat"),
        ("Wiederholung", "repeat"),
        ("UPDATES with quotes", "update"),
        ("Adds reaction", "update"),
        ("Actualiza con declaraciones", "update"),
        ("Embargoed. Skills needed: none. Police killed two.", "none"),
        ("The minister repeated his call", "none"),
        ("", "none"),
        (None, "none"),
    ],
)
def test_a_note_to_editors_is_understood(note: str | None, expected: str) -> None:
    assert from_note(note) == expected


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("CORRECTED-UPDATE 2-Kast to visit Lima", "correction"),
        ("CORRECTED: Kast to visit Lima", "correction"),
        ("BERICHTIGUNG: Kast reist nach Lima", "correction"),
        ("REFILE-UPDATE 1-Kast to visit Lima", "refile"),
        ("RPT-Kast to visit Lima", "repeat"),
        ("UPDATE 3-Kast to visit Lima", "update"),
        ("KILL KILL - Kast to visit Lima", "kill"),
        ("Kill the bill, Kast says", "none"),
        ("Kast corrected: no visit to Lima", "none"),
        ("Update: how talks went", "none"),
        (None, "none"),
    ],
)
def test_only_the_slug_of_a_headline_counts(headline: str | None, expected: str) -> None:
    assert from_headline(headline) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sig:correction", "correction"),
        ("http://cv.iptc.org/newscodes/signal/update", "update"),
        (" Kill ", "kill"),
        ("atomic", "none"),
        ("", "none"),
    ],
)
def test_a_code_is_understood_with_or_without_its_scheme(code: str, expected: str) -> None:
    assert from_code(code) == expected


def test_the_strongest_signal_wins() -> None:
    assert strongest("update", "none", "kill", "correction") == "kill"
    assert strongest("none", "update", "repeat") == "repeat"
    assert strongest() == "none"
