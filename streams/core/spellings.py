"""One key for the spellings of a name: what stays the same whoever writes it.

`spelling_key` makes ids, so it joins only what is safe: accents, capitals, hyphens, doubled
letters, letters that languages use for one sound, articles, honorifics, and a few given names that
the same person bears in two alphabets. Vowels stay apart: Hassan is not Hussein. `skeleton` drops
them; it proposes and never decides.

The tables are no data file on purpose: dossiers are kept under ids made with them, and an editor
who mends a word must not move a dossier. Who is meant by a name is not decided here.
"""

import re
import unicodedata

_LETTERS = str.maketrans("øłđðıəħŧ", "olddiaht", "'’‘ʼʻ`´ʿʾ") | {
    ord(letter): sound for letter, sound in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
}
_GENITIVE = re.compile(r"(?<=\w)['’]s$")
_ARTICLE = re.compile(r"\b(?:al|el|ul|ad|an|ar|as|asch|ash|at|az|ed|es|ech)-(?=\w)")
"""The Arabic article before a hyphen, in all its forms; by itself only al or el is one."""
_SERVANT = re.compile(r"\babd[ -]?(?:[aeu]|ou)l[ -]?(?!l?ah?\b)(?=\w)")
"""Abdel Fattah, Abdul Fattah, Abd al-Fattah and Abdelfattah are one; Abdullah is another name."""
_INITIALS = re.compile(r"\b([a-z])\. ?(?=[a-z]\.)")
_WORD = re.compile(r"[^\W_]+")
_NUMERAL = re.compile(r"[ivx]+")
_PARTICLES = frozenset(
    (
        *("al", "el", "de", "del", "da", "das", "do", "dos", "du", "des", "di", "della", "la"),
        *("von", "van", "der", "den", "zu", "y", "e"),
    )
)
"""Left out inside a name. Sons and daughters (bin, ould) stay: they tell people apart."""
_HONORIFICS = frozenset(
    (
        *("dr", "doctor", "prof", "professor", "sir", "lord", "dame", "mr", "mrs", "ms", "mme"),
        *("herr", "frau", "don", "dona", "senor", "senora", "signor", "signora", "monsieur"),
        *("general", "gen", "colonel", "col", "captain", "capitaine", "lieutenant", "marshal"),
        *("sheikh", "shaikh", "sheik", "cheikh", "scheich", "jeque", "xeque", "sceicco"),
    )
)
_SAME_NAMES = {
    spelt.replace("y", "i"): name
    for name, spellings in {
        "bin": "ben ibn",
        "ould": "uld wuld weld",
        "abdullah": "abdala abdalla abdallah abdoulla abdoullah abdulla",
        "ahmad": "achmed ahmed ahmet",
        "hussein": "hosein hossein houssein husain husayn husein hussain",
        "ibrahim": "ebrahim",
        "khalid": "jalid khaled",
        "muhammad": "mohamad mohamed mohammad mohammed muhamad muhamed muhammed",
        "said": "saeed",
        "salih": "saleh",
        "tariq": "tarek tareq tarik",
        "yusuf": "youssef youssouf yousef yousuf yusef yussuf",
        "alexander": "aleksander aleksandr alexandr alexandre aliaksandr aljaksandr alyaksandr"
        " oleksandr",
        "alexei": "aleksei aleksej alexej alexey oleksii oleksij oleksiy",
        "andrei": "andrej andrey andri andrii andrij andriy",
        "dmitri": "dmitrii dmitrij dmitriy dmitry dmytro",
        "nikolai": "mykola nikolaj nikolay",
        "sergei": "sergej sergey serguei serhii serhij serhiy",
        "vladimir": "uladzimir volodimir volodymyr wladimir wolodimir wolodymyr",
        "yevgeni": "evgeni evgeny jewgeni yevgeniy yevgeny yevhen",
    }.items()
    for spelt in spellings.split()
}
"""Given names that one person bears in two alphabets, or that one alphabet writes in many ways."""
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        (r"sk[iyj]{1,2}$", "ski"),
        (r"(?<=[oe])(?:ff|w)$", "v"),
        (r"(?<=[aeiou])[iyj]*ev$", "iev"),
        (r"(?<=[iy])j$", ""),
        (r"(?<=[aeo])[yj]$", "i"),
        (r"(?<=[aei])h$", ""),
        (r"(?<=\w)ee(?=[dmnrt]$)", "i"),
        (r"dsch|dzh|zh|dj", "j"),
        (r"tsch|tch|sch|sh", "ch"),
        (r"kh", "h"),
        (r"([gdt])h", r"\1"),
        (r"ph", "f"),
        (r"gu(?=[ei])", "g"),
        (r"ou|oo|ue", "u"),
        (r"oe", "o"),
        (r"w", "v"),
        (r"q|ck|c(?=[abdfgj-xz])", "k"),
        (r"ks", "x"),
        (r"[yi]+", "i"),
        (r"^i(?=[aeou])", "y"),
        (r"([a-z])\1+", r"\1"),
    )
)
"""In this order, in each word: Slavic endings, then letters of one sound, then doubled ones."""
_MUTE = re.compile(r"(?<=[aiu]n)e$")
"""Poutine, Salmane: so French writes surnames. In given names it tells Martine from Martin."""
_VOWELS = re.compile(r"[aeiou]+")


def spelling_key(name: str) -> str:
    """The words of a name in small letters with hyphens between them, the same for its spellings.

    Limits: another order of the names, a name left out and a name translated (Francis, Francisco)
    make another key; scripts other than Latin are left as they are.
    """
    words = _words(name)
    return "-".join(_sound(word, place, len(words) - 1) for place, word in enumerate(words))


def skeleton(name: str) -> str:
    """The consonants of the key, and `a` for a vowel that begins a word: what namesakes share."""
    return "-".join(
        word
        if _NUMERAL.fullmatch(word)
        else ("a" if _VOWELS.match(word) else "") + _VOWELS.sub("", word)
        for word in spelling_key(name).split("-")
    )


def _words(name: str) -> list[str]:
    lowered = unicodedata.normalize("NFKD", _GENITIVE.sub("", name.strip().lower()))
    plain = "".join(sign for sign in lowered if not unicodedata.combining(sign))
    plain = _SERVANT.sub("abdul ", plain.translate(_LETTERS))
    words = _WORD.findall(_INITIALS.sub(r"\1", _ARTICLE.sub("", plain)))
    while len(words) > 2 and words[0] in _HONORIFICS:
        words.pop(0)
    inside = range(1, len(words) - 1)
    return [word for n, word in enumerate(words) if n not in inside or word not in _PARTICLES]


def _sound(word: str, place: int, last: int) -> str:
    if place and _NUMERAL.fullmatch(word):
        return word
    word = _SAME_NAMES.get(word.replace("y", "i"), word)
    for spelt, sound in _SOUNDS:
        word = spelt.sub(sound, word)
    return _MUTE.sub("", word) if place == last > 0 else word
