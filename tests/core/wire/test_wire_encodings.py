"""Text from bytes whose encoding nobody says, or says wrongly."""

import pytest

from streams.core.wire.encodings import decoded

WESTERN = {
    "de": "Der Außenminister reist für zwei Tage nach Österreich, heißt es in Köln.",
    "es": "El canciller viajó ayer a España; ¿qué hará mañana en Bogotá? Nadie lo dirá aquí.",
    "fr": "Le président, reçu à Kiev où il a été élu citoyen d'honneur, s'est tu. Ça suffit.",
    "it": "Il presidente è già a Roma, perché la visita è più lunga. Così dirà lunedì.",
    "pt": "O ministro não irá a São Paulo; as nações farão a reunião em Brasília. Ações já há.",
    "en": "The café was shut.",
}


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp850", "cp437"])
@pytest.mark.parametrize("language", WESTERN)
def test_western_text_is_read_in_the_code_page_it_is_in(language: str, encoding: str) -> None:
    data = WESTERN[language].encode(encoding, "ignore")

    text, remarks = decoded(data)

    assert text == data.decode(encoding)
    assert remarks == (
        "declares no encoding; read as "
        + ("cp1252" if encoding in ("latin-1", "cp1252") else "cp850"),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("Präsident".encode(), ("Präsident", ()), id="UTF-8 needs no remark"),
        pytest.param("Präsident".encode("utf-16"), ("Präsident", ()), id="a mark says all"),
        pytest.param(
            "L’État – « oui »".encode("cp1252"),
            ("L’État – « oui »", ("declares no encoding; read as cp1252",)),
            id="typographic signs of Windows",
        ),
        pytest.param(
            "Le président a visité 3 × 4 lieux en été, a dit mardi la presse".encode("latin-1"),
            (
                "Le président a visité 3 × 4 lieux en été, a dit mardi la presse",
                ("declares no encoding; read as cp1252",),
            ),
            id="a sign that is odd, among letters that would be capitals within words",
        ),
        pytest.param(
            "Президент прибыл в Пекин, сообщил Кремль".encode("cp1251"),
            (
                "Президент прибыл в Пекин, сообщил Кремль",
                ("declares no encoding; read as cp1251",),
            ),
            id="another script",
        ),
        pytest.param(
            b"Gro\xdf", ("Groß", ("declares no encoding; read as cp1252",)), id="one word"
        ),
    ],
)
def test_what_else_wires_send_is_read(data: bytes, expected: tuple[str, tuple[str, ...]]) -> None:
    assert decoded(data) == expected


def test_what_is_declared_and_can_be_true_is_believed() -> None:
    assert decoded("Łódź".encode("iso8859-2"), "ISO-8859-2") == ("Łódź", ())
