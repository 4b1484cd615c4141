"""What an edition says of the one before it: correction, refile, repeat, update, kill.

ninjs has no field for it: agencies write it into the note to editors, a vendor's `signal`, or the
start of the headline. The phrases are a closed list, from the stylebooks of Reuters (CORRECTED
changes the meaning, REFILE a detail, REPEAT nothing), AP ('a kill is mandatory') and dpa, and the
usual words of the other languages. What is killed here is withdrawn everywhere, so 'kill' counts
only where it is said of the item.
"""

import re

from schemas.stories import Signal

_NOTE_PHRASES: tuple[tuple[Signal, str], ...] = (
    (
        "kill",
        r"^\W*(?:kill|mandatory kill|annul[eé]|anulad[oa]|annullat[oa]|zurückgezogen)\b"
        r"|\bkill,? kill\b|\bkill is mandatory\b|\bmandatory kill\b|\bplease kill\b"
        r"|\b(?:this )?story (?:has been|is) (?:killed|withdrawn)\b|\bwithdraws? this story\b"
        r"|\bbitte (?:die )?meldung nicht (?:mehr )?verwenden\b"
        r"|\bretiramos (?:la nota|esta nota|el despacho)\b|\bretirem(?:os)? esta notícia\b"
        r"|\bprière d'annuler\b",
    ),
    (
        "correction",
        r"\bcorrect(?:s|ed|ion|ing)\b|\bberichtig(?:t|ung)\b|\bkorrigiert\b|\bkorrektur\b"
        r"|\bcorr[ie]ge[nd]?\b|\bcorrig(?:é|ée|ida|ido)\b|\bcorrecci[oó]n\b|\bcorregid[oa]\b"
        r"|\brectificat(?:if|ion)\b|\brectificaci[oó]n\b|\brectifie\b|\berratum\b|\berrata\b"
        r"|\bcorreç[ãa]o\b|\bcorrezione\b|\bcorregge\b|\brettifica\b",
    ),
    ("refile", r"\brefil(?:e|es|ed|ing)\b"),
    (
        "repeat",
        r"^\W*(?:repeat|repeats|repeating|repetition|wiederholung|repetici[oó]n"
        r"|répétition|repeti[cç][ãa]o|ripetizione)\b",
    ),
    (
        "update",
        r"^\W*(?:updat(?:e|es|ed|ing)\b|recasts\b|adds\b|aktualisiert\b|actualiza\b"
        r"|actualise\b|atualiza\b|aggiorna\b)",
    ),
)
_NOTES: tuple[tuple[Signal, re.Pattern[str]], ...] = tuple(
    (signal, re.compile(phrases, re.IGNORECASE)) for signal, phrases in _NOTE_PHRASES
)

# In a headline only the slug before the dash or colon counts, and only in capitals: a story about a
# correction is none.
_HEADLINES: tuple[tuple[Signal, re.Pattern[str]], ...] = (
    ("kill", re.compile(r"^(?:KILL\b(?: KILL)*|WITHDRAWN|ANNULE|ANULADO|ANULADA)\s*[-–—:]")),
    (
        "correction",
        re.compile(
            r"^(?:CORRECTED|CORRECTION|CORRECTS|CORRECCIÓN|CORRIGE|RECTIFICATIF|BERICHTIGUNG"
            r"|KORREKTUR|CORREÇÃO|CORREZIONE|RETTIFICA)(?:[- ](?:UPDATE )?\d)?\s*[-–—:(]"
        ),
    ),
    ("refile", re.compile(r"^REFILE(?:[- ](?:UPDATE )?\d)?\s*[-–—:]")),
    ("repeat", re.compile(r"^(?:REPEAT|RPT)(?:[- ](?:UPDATE )?\d)?\s*[-–—:]")),
    ("update", re.compile(r"^(?:UPDATE|WRAPUP)(?: \d+)?\s*[-–—:]")),
)

_CODES: dict[str, Signal] = {
    "kill": "kill",
    "killed": "kill",
    "takedown": "kill",
    "cancel": "kill",
    "canceled": "kill",
    "cancelled": "kill",
    "recalled": "kill",
    "withheld": "kill",
    "withdrawn": "kill",
    "correction": "correction",
    "rectify": "correction",
    "rectification": "correction",
    "corrected": "correction",
    "refile": "refile",
    "repeat": "repeat",
    "resend": "repeat",
    "update": "update",
    "updated": "update",
    "writethru": "update",
}

_STRENGTH: tuple[Signal, ...] = ("kill", "correction", "refile", "repeat", "update", "none")


def from_code(code: str) -> Signal:
    """The signal of a vendor's or a standard's word for it, as in `sig:correction`."""
    return _CODES.get(re.split(r"[:/#]", code.strip().lower())[-1], "none")


def from_note(note: str | None) -> Signal:
    """The signal in a note to editors."""
    return _first(_NOTES, note)


def from_headline(headline: str | None) -> Signal:
    """The signal in a headline's slug, such as `CORRECTED-`."""
    return _first(_HEADLINES, headline)


def strongest(*signals: Signal) -> Signal:
    """The one that matters most; a kill before all."""
    return min(signals, key=_STRENGTH.index, default="none")


def _first(phrases: tuple[tuple[Signal, re.Pattern[str]], ...], text: str | None) -> Signal:
    if text is None:
        return "none"
    head = text.strip()[:2_000]
    return next((signal for signal, pattern in phrases if pattern.search(head)), "none")
