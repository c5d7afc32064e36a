"""Languages by the names that students use for them."""

from __future__ import annotations

from pathways.domain.lexicon import fold

OWN = "English"
NAMES: dict[str, str] = {
    name: language
    for language, names in {
        OWN: "english ingles inglés",
        "Spanish": "spanish espanol español castellano",
        "Arabic": "arabic",
        "Bengali": "bengali bangla",
        "Burmese": "burmese",
        "Chinese": "chinese mandarin cantonese",
        "Dari": "dari",
        "French": "french francais français",
        "German": "german deutsch",
        "Haitian Creole": "haitian creole kreyol",
        "Hindi": "hindi",
        "Japanese": "japanese",
        "Karen": "karen",
        "Kinyarwanda": "kinyarwanda",
        "Korean": "korean",
        "Nepali": "nepali",
        "Pashto": "pashto",
        "Polish": "polish",
        "Portuguese": "portuguese portugues português",
        "Russian": "russian",
        "Somali": "somali",
        "Swahili": "swahili kiswahili",
        "Tagalog": "tagalog filipino",
        "Tigrinya": "tigrinya",
        "Ukrainian": "ukrainian",
        "Urdu": "urdu",
        "Uzbek": "uzbek",
        "Vietnamese": "vietnamese",
    }.items()
    for name in names.split()
}


def language_named(words: str) -> str | None:
    """Return the language that a message wishes for; None where it names none.

    Of two, English is what is left behind: "not English, Spanish please", unless the
    message goes back to it: "stop Spanish, back to English".
    """
    said = [*fold(words).split(), *words.lower().split()]
    found = list(dict.fromkeys(NAMES[one] for one in said if one in NAMES))
    others = [one for one in found if one != OWN]
    back = any(one in said for one in ("back", "stop", "prefer")) and OWN in found
    if back or not others:
        return OWN if OWN in found else None
    return others[0]
