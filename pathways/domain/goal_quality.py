"""Judges a goal's words: specific, measurable, time-bound (features C1, C8).

The three marks are SMART's first, second and last (Doran 1981). Word lists are our
own. How well they agree with a person stands in docs/flows/goal_setting.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pathways.domain.lexicon import without_accents

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
PERIOD = (
    r"(?:day|week|weekend|month|quarter|semester|trimester|term|year|season|summer|"
    r"winter|spring|fall|break|vacation)"
)
TIME_BOUND = re.compile(
    rf"\b(?:by|before|until|till|on|in|this|next|for) (?:the )?(?:end of )?"
    rf"(?:(?:the|this|next|my|our|winter|spring|summer|fall|first|last)\s)*"
    rf"(?:{MONTH}|{DAY}|{PERIOD}|christmas|thanksgiving|halloween|prom|graduation|"
    rf"finals|regionals|sectionals|birthday|new years?|report cards?|act \w+)\b"
    rf"|\b(?:by|before|until|till?|for) (?:the |my |our )?(?:\w+ ){{0,2}}"
    rf"(?:game|meet|exam|test|show|concert|play|deadline|contest|competition|recital|"
    rf"tournament|ensemble|season|tryouts?|auditions?|presentation|fair)\b"
    rf"|\b(?:by|before|until) the \d{{1,2}}(?:st|nd|rd|th)\b"
    rf"|\b(?:first|second|third|fourth|last|1st|2nd|3rd|4th) "
    rf"(?:quarter|semester|trimester)\b"
    rf"|\b(?:freshman|sophomore|junior|senior) year\b"
    rf"|\b(?:in|within|over|for) (?:the )?(?:next |last )?(?:\w+ )?"
    rf"(?:days?|weeks?|months?|years?)\b"
    rf"|\b(?:today|tonight|tomorrow)\b|\b{MONTH} \d{{1,2}}\b|\b\d{{1,2}}/\d{{1,2}}\b"
    rf"|\bend of (?:the |this |my )?(?:\w+ )?{PERIOD}\b",
    re.IGNORECASE,
)
NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|"
    r"zero|once|twice|half|dozen|every (?!day|night|\w+day|week)|all (?!the time)|"
    r"each (?!other))"
)
MEASURABLE = re.compile(
    rf"\b{NUMBER}|\d|%|\b(?:un[oa]s? \w+ (?:m[aá]s|menos)|dos|tres|cuatro|cinco"
    rf"|seis|diez"
    r"|pasar|aprobar|terminar|acabar|graduarme|entregar|solicitar|ganar|inscribir\w*"
    r"|entrar (?:a|al)|de un[oa]? \w+ a un[oa]? \w+|certificado|licencia|sin faltar)\b"
    r"|\b(?-i:[A-D])[+-]?(?!\w|')|\b[a-d][+-](?!\w)"
    r"|\bfrom \w+ to \w+|\b(?:captain|honor roll|an? internship|fafsa|again|draft)\b"
    r"|\b(?:email|call|redo|sign up|ask|visit|meet with|deadlift|bench)\b"
    r"|\b(?:pass|finish|complete|graduate|submit|hand in|turn in|apply|win|join|"
    r"earn|get (?:into|a job|accepted|hired)|make (?:the|varsity|jv)|"
    r"start a|build a|write the|shadow|licen[cs]e|certificate|certified|"
    r"not fail|without)\b",
    re.IGNORECASE,
)
VAGUE_ENDS = frozenset(
    ["better", "more", "harder", "good", "great", "well", "best", "smarter", "stuff"]
    + ["things", "something", "everything", "it", "school", "life", "grade", "grades"]
    + ["person", "happy", "happier", "healthy", "healthier", "strong", "stronger"]
    + ["successful", "success", "future", "organized", "motivated", "focused", "focus"]
    + ["less", "stressed", "stress", "time", "trouble", "friends", "friend", "job"]
    + ["money", "rich", "famous", "proud", "confident", "confidence", "class"]
    + ["classes", "student", "kid", "college", "nice", "nicer", "kind", "kinder"]
    + ["lazy", "procrastinating", "procrastination", "animals", "people", "others"]
    + ["community", "world", "family", "skills", "math", "hard", "high", "higher"]
    + ["responsible", "mature", "independent", "social", "active", "fit", "shape"]
    + ["behind", "ahead", "caught", "ready", "together", "attitude", "choices", "mood"]
    + ["decisions", "habits", "mindset", "mistakes", "myself", "parents", "mom", "dad"]
    + ["teachers", "new", "bad", "worry", "worrying", "anxious", "anxiety", "stressing"]
    + ["enjoy", "enjoying", "care", "caring", "different", "change", "changes", "level"]
    + ["potential", "effort", "limits", "comfort", "zone", "track", "control", "adult"]
    + [
        "productive",
        "disciplined",
        "discipline",
        "positive",
        "patient",
        "brave",
        "calm",
    ]
    + ["fun", "lot", "much", "enough", "everyone", "everybody", "nobody", "next"]
)
FILLERS = frozenset(
    ["i", "want", "wanna", "would", "like", "need", "to", "try", "a", "an", "the", "my"]
    + [
        "be",
        "become",
        "get",
        "getting",
        "do",
        "doing",
        "go",
        "have",
        "make",
        "at",
        "in",
    ]
    + ["of", "for", "on", "with", "up", "out", "off", "into", "and", "or", "so", "am"]
    + ["work", "improve", "study", "learn", "read", "fix", "help", "figure", "stop"]
    + ["start", "keep", "stay", "being", "bring", "raise", "really", "just", "all"]
    + ["s", "own", "very", "this", "that", "some", "goal", "is", "it", "feel", "not"]
    + ["a's", "as", "graduate", "procrastinate", "pass", "fail", "finish", "win"]
    + [
        "find",
        "what",
        "grow",
        "push",
        "own",
        "show",
        "give",
        "manage",
        "think",
        "about",
    ]
    + ["think", "about", "know", "how", "who", "when", "where", "why", "no", "don't"]
    + [
        "dont",
        "can",
        "could",
        "will",
        "gonna",
        "going",
        "trying",
        "more",
        "over",
        "you",
    ]
    + ["me", "we", "they", "them", "mine", "it's", "i'm", "im", "turn", "take", "live"]
    + [
        "focus",
        "succeed",
        "progress",
        "come",
        "back",
        "deal",
        "handle",
        "cope",
        "please",
    ]
)
SPANISH_VAGUE = frozenset(
    """
    yo quiero quisiera gustaria me mi mis ser estar hacer tener poder ir a al de del en
    la el los las lo un una unos unas y o que con para por mas menos mejor mejorar bien
    mejores bueno buena buenos buenas mucho mucha muy sacar subir lograr trabajar
    estudiar aprender poner ponerme meta metas nota notas calificaciones escuela vida
    cosas algo
    todo todos esto eso persona feliz exito exitoso exitosa futuro organizado organizada
    estres estresado tiempo dinero rico rica famoso clase clases estudiante familia
    habilidades fuerte sano sana responsable disciplina motivado motivada concentrarme
    enfocarme cambiar crecer ayudar no dejar tratar intentar superarme echarle ganas
    """.split()  # noqa: SIM905
)
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")


@dataclass(frozen=True)
class GoalQuality:
    """What a goal's words hold."""

    specific: bool
    measurable: bool
    time_bound: bool


def is_specific(words: str) -> bool:
    """Tell whether a goal names a thing to do, make or change."""
    bare = TIME_BOUND.sub(" ", words.lower().replace("’", "'"))
    telling = set(WORD.findall(without_accents(bare))) - FILLERS - VAGUE_ENDS
    telling -= SPANISH_VAGUE
    return bool(telling)


def is_measurable(words: str) -> bool:
    """Tell whether others could see that a goal is reached."""
    return bool(MEASURABLE.search(words))


def is_time_bound(words: str) -> bool:
    """Tell whether a goal names a day or a time that ends."""
    return bool(TIME_BOUND.search(words))


def quality_of(words: str) -> GoalQuality:
    """Judge a goal as it was written."""
    return GoalQuality(is_specific(words), is_measurable(words), is_time_bound(words))
