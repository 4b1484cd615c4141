"""Writes demonyms.csv: every inflected form of the adjective and noun of each country.

Here live the rules of inflection of six languages; the basic forms are in `demonyms.txt`. Run once
when a country or a language is added; what it writes may then be corrected by hand, so it never
writes over `streams/data/` unless told to.

    python tools/knowledge/demonyms.py OUTPUT_FOLDER
"""

import csv
import sys
from pathlib import Path

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")

# Ending of the basic form, and what replaces it in the other forms; the first match counts.
RULES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "es": (
        ("és", ("és", "esa", "eses", "esas")),
        ("án", ("án", "ana", "anes", "anas")),
        ("ón", ("ón", "ona", "ones", "onas")),
        ("o", ("o", "a", "os", "as")),
        ("í", ("í", "íes", "ís")),
        ("ú", ("ú", "úes", "ús")),
        ("ol", ("ol", "ola", "oles", "olas")),
        ("ar", ("ar", "ares")),
        ("uís", ("uís", "uisa", "uises", "uisas")),
        ("", ("", "s")),
    ),
    "pt": (
        ("ês", ("ês", "esa", "eses", "esas")),
        ("o", ("o", "a", "os", "as")),
        ("ol", ("ol", "ola", "óis", "olas")),
        ("z", ("z", "zes")),
        ("", ("", "s")),
    ),
    "it": (
        ("ico", ("ico", "ica", "ici", "iche")),
        ("iaco", ("iaco", "iaca", "iaci", "iache")),
        ("scio", ("scio", "scia", "sci", "sce")),
        ("o", ("o", "a", "i", "e")),
        ("e", ("e", "i")),
        ("a", ("a", "i", "e")),
        ("", ("",)),
    ),
    "fr": (
        ("ien", ("ien", "ienne", "iens", "iennes")),
        ("éen", ("éen", "éenne", "éens", "éennes")),
        ("yen", ("yen", "yenne", "yens", "yennes")),
        ("on", ("on", "onne", "one", "ons", "onnes", "ones")),
        ("s", ("s", "se", "ses")),
        ("e", ("e", "es")),
        ("", ("", "e", "s", "es")),
    ),
}


def inflect(language: str, lemma: str) -> tuple[str, ...]:
    """All forms of a basic form, itself first; a lemma that begins with '=' is taken as it is."""
    if lemma.startswith("="):
        return (lemma[1:],)
    if language == "en":
        plural = () if lemma.endswith(("ese", "ish", "ch", "sh", "s")) else (f"{lemma}s",)
        return (lemma, *plural)
    if language == "de":
        return _german(lemma)
    for ending, others in RULES[language]:
        if lemma.endswith(ending):
            stem = lemma[: len(lemma) - len(ending)]
            return tuple(stem + other for other in others)
    raise ValueError(f"no rule for {lemma!r} in {language}")


def _german(lemma: str) -> tuple[str, ...]:
    if lemma[0].islower() or lemma.startswith("US-amer"):
        return tuple(lemma + ending for ending in ("", "e", "er", "en", "es", "em"))
    if lemma.endswith("er"):
        return (lemma, f"{lemma}n", f"{lemma}s", f"{lemma}in", f"{lemma}innen")
    if lemma.endswith("e"):
        return (lemma, f"{lemma}n", f"{lemma[:-1]}in", f"{lemma[:-1]}innen")
    if lemma.endswith("i"):
        return (lemma, f"{lemma}s")
    return (lemma, f"{lemma}en", f"{lemma}in", f"{lemma}innen")


def rows(text: str) -> list[tuple[str, str, str]]:
    """Country code, language and all forms, joined, from the lines of `demonyms.txt`."""
    out = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        code, *cells = line.split("|")
        for language, cell in zip(LANGUAGES, cells, strict=True):
            forms: dict[str, None] = {}
            for lemma in cell.split("/"):
                forms.update(dict.fromkeys(inflect(language, lemma)))
            out.append((code, language, "|".join(forms)))
    return out


def main() -> None:
    """Writes the file into the folder named on the command line."""
    source = Path(__file__).with_name("demonyms.txt").read_text(encoding="utf-8")
    target = Path(sys.argv[1]) / "demonyms.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "language", "forms"))
        writer.writerows(rows(source))


if __name__ == "__main__":
    main()
