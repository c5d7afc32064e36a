"""Takes out work that Rasa 3.6.21 does again while it gathers examples (docs/adr/0007).

Each of the 120 training files is merged with the others several times, and each time
every example is copied in depth, and told from the others by a fingerprint that is
worked out anew. Here a copy shares what nobody changes, and a fingerprint stays known.
"""

import copy

from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import util
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def copied(message: Message) -> Message:
    """Return an example to which features can be added without changing this one."""
    made = copy.copy(message)
    made.data = dict(message.data)
    made.features = list(message.features)
    made.output_properties = set(message.output_properties)
    return made


def merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """Return these examples and those of others together, as Rasa's own `merge`."""
    examples = [copied(one) for one in self.training_examples]
    synonyms = dict(self.entity_synonyms)
    patterns = copy.deepcopy(self.regex_features)
    tables = copy.deepcopy(self.lookup_tables)
    responses = copy.deepcopy(self.responses)
    for other in others:
        if not other:
            continue
        examples += [copied(one) for one in other.training_examples]
        patterns += copy.deepcopy(other.regex_features)
        tables += copy.deepcopy(other.lookup_tables)
        for text, synonym in other.entity_synonyms.items():
            util.check_duplicate_synonym(
                synonyms, text, synonym, "merging training data"
            )
        synonyms.update(other.entity_synonyms)
        responses.update(other.responses)
    return TrainingData(examples, synonyms, patterns, tables, responses)


def sanitize_examples(examples: list[Message]) -> list[Message]:
    """Return examples without doubles, intents and responses without spaces around."""
    for one in examples:
        for name in (INTENT, RESPONSE):
            told = one.get(name)
            if told and told != told.strip():
                one.set(name, told.strip())
    return list(dict.fromkeys(examples))


def apply() -> None:
    """Put the replacements in place; doing it again changes nothing."""
    TrainingData.merge = merge
    TrainingData.sanitize_examples = staticmethod(sanitize_examples)
