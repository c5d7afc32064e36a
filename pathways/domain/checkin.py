"""The four categories of a week, in students' words (features C3, P4).

Source: the categories of Summit's plan, as the catalog's competencies carry them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pathways.domain.lexicon import fold

AREAS: Mapping[str, str] = {
    "content_knowledge": (
        r"know\w*|class(?:es)?|subjects?|math|science|english|history|facts?|content"
        r"|tests?|grades?|first"
        r"|s[eé]|saber|materias?|clases?|mate|ciencias?|historia|notas?|contenido"
    ),
    "cognitive_skills": (
        r"think\w*|skills?|writ\w+|argu\w+|research\w*|solv\w+|speak\w*|present\w*"
        r"|cognitive|second|pienso|pensar|habilidad(?:es)?|escrib\w+|resolver|hablar"
    ),
    "habits_of_success": (
        r"habits?|time|sleep|focus\w*|plan\w*|organi[sz]\w*|phone|effort"
        r"|procrastinat\w*|stress\w*|third"
        r"|h[aá]bitos?|tiempo|dormir|sue[ñn]o|atenci[oó]n|organizar\w*|tel[eé]fono|celular"
    ),
    "real_life_experiences": (
        r"real|life|job|work|internships?|volunteer\w*|service|club|team|sports?"
        r"|family|outside|experiences?|fourth"
        r"|vida|real|trabajo|pasant[ií]as?|voluntari\w*|servicio|equipo|deportes?|familia"
    ),
}
ALIKE = re.compile(
    r"\b(?:real[ -]life|how i think|what i know|my habits|vida real|c[oó]mo pienso"
    r"|lo que s[eé]|mis h[aá]bitos)\b",
    re.I,
)
NAMED = {
    "real life": "real_life_experiences",
    "how i think": "cognitive_skills",
    "what i know": "content_knowledge",
    "my habits": "habits_of_success",
    "vida real": "real_life_experiences",
    "como pienso": "cognitive_skills",
    "lo que se": "content_knowledge",
    "mis habitos": "habits_of_success",
}


def area_of(words: str) -> str | None:
    """Return the one category that words name; None where it is none, or two."""
    named = ALIKE.search(words)
    if named:
        return NAMED[fold(named[0])]
    found = [
        area
        for area, pattern in AREAS.items()
        if re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE)
    ]
    return found[0] if len(found) == 1 else None
