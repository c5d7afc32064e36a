"""Keeps an answer an answer: inside a question, only a clear interruption counts."""

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.linear_classifier import LinearIntentClassifier

ANSWER = "nlu_fallback"
FORM_QUESTION = re.compile(r"^utter_ask_\w+_form_\w+$")
DAY_QUESTION = re.compile(r"_(?:due|day)$")
NUMBER_QUESTION = re.compile(
    r"_(?:mood|confidence|measure|hours|credits|availability)$"
)
NUMBER = re.compile(r"\b\d{1,3}\b")
MEASURE_QUESTION = re.compile(r"_measure$")
REVISION = re.compile(
    r"\b(?:change|wrong|mistake|redo|edit|fix|back|instead|meant|actually|different"
    r"|cambi\w+|equivoc\w+|corr[ei]\w+|mal|error|quise decir|en vez)\b",
    re.IGNORECASE,
)
CONFIRM_QUESTION = re.compile(r"_form_\w+_confirmed$")
OWN_WORDS_QUESTION = re.compile(
    r"_(?:what|first_step|next_step|obstacle|plan|goal|reality|tiny|bold|another|choice"
    r"|action|idea|question|challenge|make|find_out|evidence|so_what|feelings|good|hard"
    r"|analysis|conclusion|content|ways|activities|proof|tests|enough|grading"
    r"|unfinished|teacher|smaller|credits)$"
)
# Another flow begins in the middle of one only where it is asked for by its name.
SWITCHES = frozenset(
    {
        "ask_advice",
        "log_experience",
        "start_goal_setting",
        "start_project",
        "start_reflection",
    }
)
SWITCH = re.compile(
    r"\b(?:set|make|start|begin|do|write|plan|log|record|add|with)\b.{0,25}"
    r"\b(?:goals?|reflection|hours|hrs|project|log)\b"
    r"|\blet'?s (?:reflect|look back|think)"
    r"|\b(?:reflect|log|look back|think (?:it|something) through|advice)\b"
    r"|\b(?:pon(?:er|gamos|me|erme)|hacer|hagamos|empe\w+|escrib\w+|planear|anot\w+|registr\w+"
    r"|agreg\w+)\b.{0,25}\b(?:metas?|reflexi[oó]n|horas|proyecto|registro)\b"
    r"|\b(?:reflexion\w*|consejo|aconsej\w+|pensarlo bien)\b",
    re.IGNORECASE,
)
BARE = 2  # words: "tomorrow" is a day, although people also part with it
INSTEAD = re.compile(
    r"\b(?:instead|first|wait|actually|oh|rather|mejor|primero|espera|en vez)\b",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"^(?:(?:ok|okay|so|and|but|wait|um|hey|also|actually|well|hmm|pls|please)[ ,]+)*"
    r"(?:what|which|how|who|why|when|where|can|could|would|will|should|does|is|are|any"
    r"|explain|compare|let'?s|am i|do (?:i|you|u|we)"
    r"|(?:show|tell|give|find|help|get) (?:me|us))(?:'?s)?\b"
    r"|\bi (?:want|need|wanna|gotta|have|would like|'d like)\b.*\b(?:talk|speak)\b"
    r"|^(?:(?:ok|oye|y|pero|bueno|espera|este|a ver|pues"
    r"|hola)[ ,]+)*[¿¡]?(?:qu[eé]|cu[aá]l(?:es)?"
    r"|c[oó]mo|qui[eé]n(?:es)?|por qu[eé]|cu[aá]ndo|d[oó]nde"
    r"|cu[aá]nt[oa]s?|para qu[eé]|puedes?|puedo"
    r"|podr[ií]as?|podemos|debo|deber[ií]a|hay|me (?:puedes|ayudas|muestras"
    r"|dices)|dime|mu[eé]stra(?:me)?"
    r"|ens[eé][ñn]a(?:me)?|dame|expl[ií]ca(?:me)?|ay[uú]da(?:me)?|quiero (?:ver"
    r"|saber|hablar|cambiar))\b"
    r"|\b(?:quiero|necesito|quisiera)\b.*\bhablar\b"
    r"|\ben espa[ñn]ol\b|\bpor favor\b|^no (?:entiendo|hablo)\b|^pued(?:es|o)\b"
    r"|\?\s*$",
    re.IGNORECASE,
)
OPEN_QUESTIONS = {
    "utter_ask_availability": ANSWER,
    "utter_ask_interest": "state_interest",
    "utter_interest_unclear": "state_interest",
    "utter_progress_tell": "update_goal_progress",
    "utter_greet_promise": "update_goal_progress",
    "utter_greet_reminder": "update_goal_progress",
    "utter_reminder_day": "set_reminder",
    "utter_reminder_what": "set_reminder",
}
AVAILABILITY = "utter_ask_availability"
# What hours or a place are easily taken for: "5 hours at most", "Columbus".
SOUNDS_LIKE_HOURS = frozenset({"log_experience", "out_of_scope"})
HOURS = re.compile(
    r"\b(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|couple(?: of)?"
    r"|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\s*"
    r"(?:(?:-|to|or|a|o)\s*\d{1,2}\s*)?(?:h|hrs?|hours?|horas?)\b",
    re.IGNORECASE,
)
ALWAYS_HEARD = "disclose_crisis"
ABOUT_THE_QUESTION = frozenset(
    {
        "ask_why_question",
        "express_confusion",
        "goodbye",
        "pause_flow",
        "repeat_last",
        "revise_answer",
        "skip_question",
    }
)
ASKS_OF_THE_COACH = (
    "ask_",
    "change_language",
    "compare_",
    "dismiss_",
    "explore_",
    "export_",
    "faq_",
    "request_human",
    "save_",
    "set_reminder",
    "share_",
    "start_interest",
)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class InterruptionGate(GraphComponent):
    """Takes a doubtful interruption for what it most likely is: the answer.

    The gateway says with each message which question the coach asked last. While
    one is open, an intent that would interrupt counts only from a confidence on;
    below it the message is the answer. A goal or step of the student's own ("learn
    Spanish", "email Mr. Lee") sounds much like a wish to the coach, so where one is
    asked for, such a wish must be worded as one ("can I ...", "show me ...", "?").
    A disclosure is never taken for an answer.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """It judges what the classifier found."""
        return [LinearIntentClassifier]

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing beyond Rasa."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: confidence from which an interruption counts."""
        return {"threshold": 0.6}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "InterruptionGate":
        """Make the component."""
        return cls(float(config["threshold"]))

    def __init__(self, threshold: float) -> None:
        """Keep the confidence from which an interruption counts."""
        self._threshold = threshold

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark doubtful messages as answers while a question is open."""
        for message in messages:
            asking = (message.get("metadata") or {}).get("asking") or ""
            answer = self._answer_to(asking)
            found = message.get(INTENT) or {}
            if CONFIRM_QUESTION.search(asking) and found.get("name") == "save_option":
                message.set(INTENT, {**found, "name": "affirm"}, add_to_output=True)
            elif answer and self._is_answer(found, asking, message):
                intent = {"name": answer, "confidence": 1.0}
                message.set(INTENT, intent, add_to_output=True)
        return messages

    def _answer_to(self, asking: str) -> str | None:
        return ANSWER if FORM_QUESTION.match(asking) else OPEN_QUESTIONS.get(asking)

    def _is_answer(self, found: dict[str, Any], asking: str, message: Message) -> bool:
        name = str(found.get("name") or "")
        if name == ALWAYS_HEARD:
            return False
        text = (message.get(TEXT) or "").strip()
        if len(text.split()) <= BARE and holds_an_answer(message, asking):
            return True
        if asking == AVAILABILITY and name not in ABOUT_THE_QUESTION:
            tells = HOURS.search(text) or name in SOUNDS_LIKE_HOURS
            if tells and not REQUEST.search(text):
                return True
        about_it = name in ABOUT_THE_QUESTION
        if name == "revise_answer" and MEASURE_QUESTION.search(asking):
            about_it = bool(REVISION.search(text))
        if name in SWITCHES and FORM_QUESTION.match(asking):
            own_words = OWN_WORDS_QUESTION.search(asking)
            worded = REQUEST.search(text) or INSTEAD.search(text) or not own_words
            if not (SWITCH.search(text) and worded):
                return True
        if not about_it and not REQUEST.search(text):
            own = OWN_WORDS_QUESTION.search(asking)
            if holds_an_answer(message, asking) or (
                own and name.startswith(ASKS_OF_THE_COACH)
            ):
                return True
        return float(found.get("confidence", 0.0)) < self._threshold


def holds_an_answer(message: Message, asking: str) -> bool:
    """Tell whether a message holds the day or the number that was asked for."""
    if DAY_QUESTION.search(asking):
        found = message.get(ENTITIES) or []
        return any(one.get("entity") == "date" for one in found)
    text = message.get(TEXT) or ""
    return bool(NUMBER_QUESTION.search(asking) and NUMBER.search(text))
