"""The assistant's Spanish side without a model: days, spans, names, which language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rasa_side import in_rasa

SCRIPT = """
import json, sys
from datetime import date
from pathlib import Path
from bot.spanish_names import named_in_spanish
from bot.spanish_times import spanish_dates, spanish_durations

given = json.loads((Path(sys.argv[1]) / "given.json").read_text())
today = date.fromisoformat("2026-11-21")
known = {"nurse": [("career", "Registered nurse", "29-1141")],
         "animals": [("interest", "animals", "animals")]}
print(json.dumps({
    "days": [[one["value"] for one in spanish_dates(text, today)]
             for text in given["days"]],
    "spans": [[one["value"] for one in spanish_durations(text)]
              for text in given["spans"]],
    "names": [[(one["code"], text[one["start"]:one["end"]])
               for one in named_in_spanish(text, known)] for text in given["names"]],
}))
"""
# Seen from Saturday, 21 November 2026.
DAYS = {
    "hoy en la noche": ["2026-11-21"],
    "mañana": ["2026-11-22"],
    "lo hago en la mañana": [],
    "pasado manana": ["2026-11-23"],
    "el viernes": ["2026-11-27"],
    "el próximo lunes": ["2026-11-23"],
    "el viernes de la próxima semana": ["2026-11-27"],
    "el sabado pasado": ["2026-11-14"],
    "trabajé el jueves": ["2026-11-19"],
    "en dos semanas": ["2026-12-05"],
    "hace tres dias": ["2026-11-18"],
    "el 18 de diciembre": ["2026-12-18"],
    "15 de enero": ["2027-01-15"],
    "31 de febrero": [],
    "al final del semestre": ["2026-12-31"],
    "en diciembre": ["2026-12-31"],
    "para Navidad": ["2026-12-25"],
    "me gusta el mar": [],
}
SPANS = {
    "6 horas": ["PT6H"],
    "dos horas y media": ["PT2H30M"],
    "hora y media": ["PT1H30M"],
    "media hora": ["PT30M"],
    "40 minutos": ["PT40M"],
    "tres semanas": ["P3W"],
    "en dos semanas": [],
}
NAMES = {
    "quiero ser enfermera": [["29-1141", "enfermera"]],
    "las enfermeras": [["29-1141", "enfermeras"]],
    "me gustan los ANIMALES": [["animals", "ANIMALES"]],
    "quiero ser soldador": [],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("spanish")
    given = {"days": list(DAYS), "spans": list(SPANS), "names": list(NAMES)}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    read: dict[str, Any] = json.loads(in_rasa(SCRIPT, folder))
    return read


def test_days_are_resolved_from_the_schools_day(found: dict[str, Any]) -> None:
    assert dict(zip(DAYS, found["days"], strict=True)) == DAYS


def test_spans_of_time_are_read(found: dict[str, Any]) -> None:
    assert dict(zip(SPANS, found["spans"], strict=True)) == SPANS


def test_spanish_names_lead_to_what_the_catalog_holds(found: dict[str, Any]) -> None:
    assert dict(zip(NAMES, found["names"], strict=True)) == NAMES
