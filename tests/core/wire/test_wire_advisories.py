"""Free text that kills or corrects another message."""

from datetime import date

import pytest

from streams.core.wire.advisories import Reference, advice

TODAY = date(2026, 1, 15)
NAMES = ("dpa", "bdt")


@pytest.mark.parametrize(
    ("text", "signal", "number"),
    [
        ("KILL KILL KILL\nPlease kill item dpa 157, Chile/Ecuador.", "kill", 157),
        ("Bitte Meldung dpa 0157 (Kast in Quito) nicht mehr verwenden.", "kill", 157),
        ("Die Meldung bdt0157 wird hiermit zurückgezogen.", "kill", 157),
        ("ANNULATION\nPrière d'annuler la dépêche 0157.", "kill", 157),
        ("Priere d'annuler notre information no 157", "kill", 157),
        ("ANULACIÓN: noticia 157", "kill", 157),
        ("Rogamos anulen la nota nº 157", "kill", 157),
        ("ANNULLARE\nSi prega di annullare la notizia n. 157", "kill", 157),
        ("ANULAR despacho 157", "kill", 157),
        ("Solicitamos a anulação do texto 157", "kill", 157),
        ("A kill is mandatory.\nKill BC-Ghana-Togo, V0123.", "kill", 123),
        ("Berichtigung zu dpa 0157\nKast reist nach Quito", "correction", 157),
        ("CORRECTION\nIn item 157 please read 'Tuesday'.", "correction", 157),
        ("RECTIFICATIF à la dépêche 157", "correction", 157),
        ("CORRECCIÓN. En la noticia 157, léase martes", "correction", 157),
        ("Correção: no despacho 157, leia-se terça", "correction", 157),
        ("RETTIFICA della notizia 157: si legga martedì", "correction", 157),
    ],
)
def test_the_message_that_is_meant_is_told(text: str, signal: str, number: int) -> None:
    found = advice(text, NAMES, TODAY)

    assert found is not None
    assert (found.signal, found.named[0].number) == (signal, number)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("KILL KILL KILL", "kill"),
        ("KILL: the visit did not take place", "kill"),
        ("ANULADO\nLa visita no tuvo lugar.", "kill"),
        ("BULLETIN KILL", "kill"),
        ("Korrektur\nKast reist nach Quito", "correction"),
        ("Correction: visit on Tuesday", "correction"),
    ],
)
def test_a_word_that_stands_alone_is_said_of_the_message_itself(text: str, signal: str) -> None:
    found = advice(text, NAMES, TODAY)

    assert found is not None
    assert (found.signal, found.named) == (signal, ())


@pytest.mark.parametrize(
    "text",
    [
        "ANULACION DE LA CUMBRE DE LIMA PREOCUPA A BOGOTA\nLima (EFE).- La anulación preocupa.",
        "Anulado el viaje de Kast a Quito",
        "Kill Bill returns to the cinemas\nThe film of 2003",
        "Annulation du sommet de Paris",
        "Berichtigung des Haushalts verschoben\nBerlin (dpa) - Der Bundestag",
        "Kast reist nach Quito\n" + "Er sagte: Bitte die Bilder nicht verwenden. " + "x" * 2_000,
        "'Please read the treaty', he said. It has 157 pages.",
        "",
    ],
)
def test_news_about_killing_and_correcting_is_neither(text: str) -> None:
    assert advice(text, NAMES, TODAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("KILL\nPlease kill dpa 157 of 13 January", date(2026, 1, 13)),
        ("KILL\nBitte dpa 157 vom 13.01.2026 nicht verwenden", date(2026, 1, 13)),
        ("ANULACION: noticia 157 del 31 de diciembre", date(2025, 12, 31)),
        ("ANULACION: noticia 157 del 31 de diciembre de 2024", date(2024, 12, 31)),
        ("KILL\nPlease kill dpa 157, moved at 15.30", None),
    ],
)
def test_a_message_of_another_day_is_told_where_the_text_says_so(
    text: str, day: date | None
) -> None:
    found = advice(text, NAMES, TODAY)

    assert found is not None
    assert found.named == (Reference(157, "dpa" if "dpa" in text else None, day),)


def test_several_messages_are_told_in_order() -> None:
    found = advice("KILL\nPlease kill dpa 157, dpa 160 and dpa 157", NAMES, TODAY)

    assert found is not None
    assert [named.number for named in found.named] == [157, 160]
