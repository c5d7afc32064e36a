"""Inside a question, only a clear interruption counts; the rest is the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa_side import in_rasa

ASK = "utter_ask_{}_form_{}_{}"
GOAL = ASK.format("goal_setting", "goal_setting", "what")
WHY = ASK.format("goal_setting", "goal_setting", "why")
DAY = ASK.format("grow", "grow", "day")
HOURS = ASK.format("experience_log", "experience_log", "hours")
WAYS = ASK.format("credit_plan", "credit_plan", "ways")
CREDITS = ASK.format("credit_plan", "credit_plan", "credits")
SMALLER = ASK.format("checkin", "checkin", "smaller")
DID = ASK.format("experience_log", "experience_log", "what")
OPTION = ASK.format("grow", "grow", "bold")
REACH = "utter_ask_availability"
ANSWER, SURE = "nlu_fallback", 0.95
# (words, understood as, asked, what it counts as)
CASES = [
    ("I want to set a goal", "start_goal_setting", WHY, "start_goal_setting"),
    ("can we do a reflection first", "start_reflection", GOAL, "start_reflection"),
    ("wait i want to log my hours", "log_experience", GOAL, "log_experience"),
    ("finish my project", "start_project", GOAL, ANSWER),
    ("start my welding project", "start_project", GOAL, ANSWER),
    ("cleaned cages at the shelter", "log_experience", DID, ANSWER),
    ("think about how the game went", "start_reflection", WHY, ANSWER),
    ("quit the team", "ask_advice", OPTION, ANSWER),
    ("an internship and own study", "ask_internships", WAYS, ANSWER),
    ("what internships are there", "ask_internships", WAYS, "ask_internships"),
    ("900 hours", "review_experience", HOURS, ANSWER),
    ("how many hours do I have", "review_experience", HOURS, "review_experience"),
    ("why do you ask", "ask_why_question", HOURS, "ask_why_question"),
    ("tomorrow", "set_reminder", DAY, ANSWER),
    ("tomorrow", "goodbye", DAY, ANSWER),
    ("see you tomorrow", "goodbye", DAY, "goodbye"),
    ("tomorrow", "pause_flow", "utter_reminder_day", "set_reminder"),
    ("i did it", "express_pride", "utter_greet_promise", "express_pride"),
    ("en español por favor", "change_language", GOAL, "change_language"),
    ("learn spanish", "change_language", GOAL, ANSWER),
    ("half a credit", "ask_credit_flex", CREDITS, ANSWER),
    ("read one page", "start_reflection", SMALLER, ANSWER),
    ("I want to die", "disclose_crisis", GOAL, "disclose_crisis"),
    ("5 hours a week, Columbus", "log_experience", REACH, ANSWER),
    ("unas 4 horas", "review_experience", REACH, ANSWER),
    ("Columbus", "out_of_scope", REACH, ANSWER),
    ("5", "set_reminder", REACH, ANSWER),
    ("what are my hours", "review_experience", REACH, "review_experience"),
    ("i want to set a goal", "start_goal_setting", REACH, "start_goal_setting"),
    ("i'd rather not say", "skip_question", REACH, "skip_question"),
    ("i like dogs", "state_interest", REACH, "state_interest"),
    ("5 hours and i want to die", "disclose_crisis", REACH, "disclose_crisis"),
]


def counted(folder: Path) -> list[str]:
    given = json.dumps(CASES)
    return list(
        json.loads(
            in_rasa(
                f"""
                import json
                from rasa.shared.nlu.training_data.message import Message
                from bot.interruption_gate import InterruptionGate
                gate, found = InterruptionGate(0.6), []
                for words, intent, asking, _ in json.loads({given!r}):
                    told = {{"text": words, "metadata": {{"asking": asking}}}}
                    told["intent"] = {{"name": intent, "confidence": {SURE}}}
                    told["entities"] = [
                        {{"entity": "date"}} for _ in range("tomorrow" in words)
                    ]
                    (message,) = gate.process([Message(data=told)])
                    found.append(message.get("intent")["name"])
                print(json.dumps(found))
                """,
                folder,
            )
        )
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return counted(tmp_path_factory.mktemp("gate"))


@pytest.mark.parametrize("place", range(len(CASES)), ids=lambda n: CASES[n][0])
def test_what_a_message_counts_as(place: int, found: list[str]) -> None:
    assert found[place] == CASES[place][3]
