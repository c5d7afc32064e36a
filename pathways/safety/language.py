"""Tells Spanish from English, so that crisis help comes in the student's words."""

from __future__ import annotations

import re

SPANISH_SIGNS = frozenset("ñ¿¡áéíóú")
SPANISH_WORDS = (
    "a al aquí con de del el ella en es eso estar esta está estoy la las lo los me "
    "mi mis muy más nada ni no nunca para pero por porque que qué quiero se ser si "
    "siempre sin soy su tengo todo todos tú un una vida vivir ya yo morir matar"
)
ENGLISH_WORDS = (
    "a about all am an and anymore are at be being but can can't do don't for from "
    "have he her him his i i'm im in is it just like me my myself no not of on or "
    "she so that the they this to want was what when will with would you"
)
SPANISH = frozenset(SPANISH_WORDS.split())
ENGLISH = frozenset(ENGLISH_WORDS.split())
WORD = re.compile(r"[\w']+")


def language_of(text: str, otherwise: str) -> str:
    """Return "es" or "en" by the small words of a text.

    Args:
        text: what the student wrote.
        otherwise: the language to answer in where the words don't tell.
    """
    lower = text.lower()
    words = WORD.findall(lower)
    spanish = sum(word in SPANISH for word in words)
    if not lower.isascii():
        spanish += sum(sign in SPANISH_SIGNS for sign in lower)
    english = sum(word in ENGLISH for word in words)
    if spanish == english:
        return otherwise
    return "es" if spanish > english else "en"
