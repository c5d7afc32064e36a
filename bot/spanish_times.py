"""Resolves days and spans of time in Spanish: "el viernes", "dos horas y media"."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from bot.dates import DAYS, _months_on, _next_of, end_of, last_day_of_month, weekday
from bot.durations import clock_length
from bot.holidays import holiday
from bot.spanish_classifier import without_accents

NUMBERS: dict[str, float] = {
    "un": 1,
    "una": 1,
    "uno": 1,
    "dos": 2,
    "par de": 2,
    "un par de": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "once": 11,
    "doce": 12,
    "quince": 15,
    "veinte": 20,
    "treinta": 30,
    "cuarenta": 40,
    "sesenta": 60,
}
SPELLED = "|".join(sorted(NUMBERS, key=len, reverse=True))
NUMBER = rf"(?:\d+(?:[.,]\d+)?|{SPELLED})"
WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
MONTHS = (
    "ene(?:ro)?",
    "feb(?:rero)?",
    "mar(?:zo)?",
    "abr(?:il)?",
    "may(?:o)?",
    "jun(?:io)?",
    "jul(?:io)?",
    "ago(?:sto)?",
    "sep(?:t|tiembre)?|setiembre",
    "oct(?:ubre)?",
    "nov(?:iembre)?",
    "dic(?:iembre)?",
)
MONTH = rf"(?:{'|'.join(MONTHS)})"
LONG_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre"
    r"|noviembre|diciembre)"
)
HOLIDAYS = {
    "nochebuena": "christmas eve",
    "navidad": "christmas",
    "ano nuevo": "new year's day",
    "accion de gracias": "thanksgiving",
    "halloween": "halloween",
    "san valentin": "valentine's day",
}
PERIODS = {
    "semana": "week",
    "mes": "month",
    "semestre": "semester",
    "ano escolar": "school year",
    "curso": "school year",
    "ano": "year",
}
UNITS = {"dia": 1, "semana": 7}
PAST = re.compile(
    r"\b(?:trabaje|labore|hice|fui|ayude|estuve|anduve|tuve|cuide|limpie|limpiamos|"
    r"acompane|di|pase|participe|termine|jugue|ensene|pasad[oa]s?|fue|hicimos|"
    r"trabajamos|apunta|anota|registra)\b"
)
AHEAD = re.compile(
    r"\b(?:voy|vamos|quiero|para el|antes del?|recuerda\w*|avisa\w*|tengo que)\b"
)
Found = Callable[["re.Match[str]", date, bool], date | None]


def number(words: str) -> float:
    """Return the number that words or digits say: "un par de" is 2."""
    known = NUMBERS.get(words)
    return known if known is not None else float(words.replace(",", "."))


def _weekday(match: "re.Match[str]", today: date, past: bool) -> date:
    name = DAYS[WEEKDAYS.index(match["day"])]
    if match["was"]:
        return weekday(f"last {name}", today, True)
    if match["week"]:
        return weekday(f"next {name}", today, False)
    return weekday(name, today, past and not match["next"])


def _counted(match: "re.Match[str]", today: date, past: bool) -> date:
    count = number(match["count"]) * (-1 if match["ago"] else 1)
    unit = match["unit"].rstrip("s")
    if unit in ("me", "mes"):
        return _months_on(today, round(count))
    return today + timedelta(days=round(count * UNITS[unit]))


def _month(words: str) -> int:
    return next(
        place for place, one in enumerate(MONTHS, 1) if re.fullmatch(one, words)
    )


def _of_month(match: "re.Match[str]", today: date, past: bool) -> date | None:
    day, month = match["number"], _month(match["month"])
    wanted = 1 if day.startswith("prim") else int(day)
    years = [int(match["year"])] if match["year"] else [today.year, today.year + 1]
    if past and not match["year"]:
        years = [today.year, today.year - 1]
    for year in years:
        try:
            found = date(year, month, wanted)
        except ValueError:
            return None
        if match["year"] or (found <= today if past else found >= today):
            return found
    return None


def _whole_month(match: "re.Match[str]", today: date, past: bool) -> date:
    month = _month(match["month"])
    if past:
        return last_day_of_month(date(today.year - (month > today.month), month, 1))
    return last_day_of_month(_next_of(month, 28, today))


def _next_period(match: "re.Match[str]", today: date, past: bool) -> date:
    if match["period"] == "mes":
        return _months_on(today, -1 if match["was"] else 1)
    return today + timedelta(days=-7 if match["was"] else 7)


def _weekend(match: "re.Match[str]", today: date, past: bool) -> date:
    if match["was"] or past:
        return weekday("last sat", today, True)
    return today + timedelta(days=max(0, 5 - today.weekday()))


def _end(match: "re.Match[str]", today: date, past: bool) -> date:
    return end_of(PERIODS[match["period"]], bool(match["next"]), today)


def _plus(days: int) -> Found:
    return lambda match, today, past: today + timedelta(days=days)


_NEXT = r"(?:proxim[oa]|siguiente)"
_COMING = r"que (?:viene|entra)"
_EXPRESSIONS: list[tuple[str, Found]] = [
    (r"pasado manana", _plus(2)),
    (r"(?:anteayer|antier|antes de ayer)", _plus(-2)),
    (r"(?:ayer|anoche)", _plus(-1)),
    (r"(?:hoy|esta (?:manana|tarde|noche)|ahorita mismo)", _plus(0)),
    (r"(?<!la )(?<!esta )(?<!de )manana", _plus(1)),
    (
        rf"(?:(?:el|este|al|del|para el"
        rf"|antes del?) )?(?P<next>{_NEXT} )?(?P<day>{WEEKDAY})"
        rf"(?:(?P<was> pasado)|(?P<week> de la {_NEXT} semana)| {_COMING}| {_NEXT})?",
        _weekday,
    ),
    (
        rf"(?:el (?:dia )?)?(?P<number>\d{{1,2}}|primero) (?:de )?(?P<month>{MONTH})\b"
        r"(?:(?: del?)? (?P<year>\d{4}))?",
        _of_month,
    ),
    (
        rf"(?:en|dentro de|de aqui a|(?P<ago>hace)) (?:como )?(?P<count>{NUMBER}) "
        r"(?P<unit>dias?|semanas?|mes(?:es)?)",
        _counted,
    ),
    (
        rf"(?:a |al |para |el )?(?:finales|fines|fin|final) del? (?P<next>{_NEXT} )?"
        r"(?:la |este |el )?(?P<period>semestre|ano escolar|curso|ano|mes)",
        _end,
    ),
    (r"(?:el |este )?(?:proximo )?fin de semana(?P<was> pasado)?", _weekend),
    (
        rf"(?:la |el )?(?:{_NEXT} (?P<period>semana|mes))(?P<was>(?!))?",
        _next_period,
    ),
    (
        rf"(?:la |el )?(?P<period>semana|mes) (?:{_COMING}|{_NEXT}|(?P<was>pasad[oa]))",
        _next_period,
    ),
    (
        rf"(?:la |el dia de )?(?P<feast>{'|'.join(HOLIDAYS)})",
        lambda match, today, past: holiday(HOLIDAYS[match["feast"]], today),
    ),
    (rf"(?:en|para|antes de|a finales de) (?P<month>{LONG_MONTH})", _whole_month),
]
EXPRESSIONS = [
    (re.compile(rf"(?<![\w]){pattern}(?![\w])"), found)
    for pattern, found in _EXPRESSIONS
]
HALF_HOUR = re.compile(r"(?<!\w)media hora(?!\w)")
HOUR_AND_HALF = re.compile(r"(?<!\w)(?:una )?hora y media(?!\w)")
SPAN = re.compile(
    rf"(?<![\w.:/,-])({NUMBER}) ?(horas?|hrs?|minutos?|mins?|dias?|semanas?|mes(?:es)?"
    r"|anos?)(?: y (media|cuarto))?(?!\w)"
)
NO_SPAN_BEFORE = re.compile(
    r"\b(?:en|dentro de|hace|veces (?:a la|por|al))(?: como)? $"
)


def folded(text: str) -> str:
    """Return a text without accents in which every sign keeps its place."""
    return "".join((without_accents(sign) or " ")[:1] for sign in text)


def is_past(plain: str) -> bool:
    """Tell whether a message speaks of what has happened: "trabajé el sábado"."""
    return bool(PAST.search(plain)) and not AHEAD.search(plain)


def spanish_dates(text: str, today: date) -> Iterator[dict[str, Any]]:
    """Yield points in time as ISO dates, seen from the school's day."""
    plain = folded(text)
    past = is_past(plain)
    taken: list[range] = []
    for pattern, resolve in EXPRESSIONS:
        for match in pattern.finditer(plain):
            if any(match.start() in one or match.end() - 1 in one for one in taken):
                continue
            day = resolve(match, today, past)
            if day is not None:
                taken.append(range(match.start(), match.end()))
                yield _entity("date", day.isoformat(), match)


def spanish_durations(text: str) -> Iterator[dict[str, Any]]:
    """Yield spans of time as ISO 8601 durations: "hora y media" is PT1H30M."""
    plain = folded(text)
    for pattern, minutes in ((HALF_HOUR, 30), (HOUR_AND_HALF, 90)):
        for match in pattern.finditer(plain):
            yield _entity("duration", clock_length(minutes), match)
    for match in SPAN.finditer(plain):
        if match[2].startswith("hora") and plain[match.end() :].startswith(" y media"):
            continue
        if not NO_SPAN_BEFORE.search(plain[: match.start()]):
            yield _entity("duration", _length(match), match)


def _length(match: "re.Match[str]") -> str:
    count = number(match[1]) + {"media": 0.5, "cuarto": 0.25}.get(match[3] or "", 0)
    unit = match[2]
    if unit.startswith("h"):
        return clock_length(round(count * 60))
    if unit.startswith("min"):
        return clock_length(round(count))
    return f"P{count:g}{ {'d': 'D', 's': 'W', 'm': 'M', 'a': 'Y'}[unit[0]] }"


def _entity(entity: str, value: str, match: "re.Match[str]") -> dict[str, Any]:
    return {
        "entity": entity,
        "value": value,
        "start": match.start(),
        "end": match.end(),
        "extractor": "TimeExtractor",
    }
