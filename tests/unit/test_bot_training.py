"""A training does less again, and learns from the same (ADR 7)."""

from __future__ import annotations

from pathlib import Path

from rasa_side import in_rasa


def test_examples_come_together_as_rasa_puts_them_together(tmp_path: Path) -> None:
    script = """
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData
        from bot import lean_training
        def made(*texts, **more):
            every = [Message.build(text, " greet ", []) for text in texts]
            return TrainingData(every, **more)
        def parts():
            first = made(
                "hi", "hello", "hi",
                entity_synonyms={"bio": "biology"},
                regex_features=[{"name": "day", "pattern": "[0-9]+"}],
                responses={"utter_hi": [{"text": "Hi"}]},
            )
            other = made(
                "hello", "hey",
                lookup_tables=[{"name": "subject", "elements": ["bio", "math"]}],
                responses={"utter_hi": [{"text": "Hey"}], "utter_ok": [{"text": "ok"}]},
            )
            return first, other, made()
        def told():
            first, *others = parts()
            both = first.merge(None, *others)
            every = both.training_examples
            return both.fingerprint(), [(x.get("text"), x.get("intent")) for x in every]
        by_rasa = told()
        lean_training.apply()
        assert told() == by_rasa
        print(by_rasa[1])
    """
    expected = [("hi", "greet"), ("hello", "greet"), ("hey", "greet")]
    assert in_rasa(script, tmp_path) == str(expected)


def test_what_a_training_adds_to_an_example_stays_out_of_what_is_kept(
    tmp_path: Path,
) -> None:
    script = """
        import numpy as np
        from rasa.shared.nlu.training_data.features import Features
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData
        from bot import lean_training
        lean_training.apply()
        kept = TrainingData([Message.build("hi", "greet", [])])
        before = kept.fingerprint()
        for one in TrainingData().merge(kept).training_examples:
            one.set("spoken", "es", add_to_output=True)
            one.add_features(Features(np.zeros((1, 2)), "sentence", "text", "x"))
        assert kept.training_examples[0].get("spoken") is None
        assert "spoken" not in kept.training_examples[0].output_properties
        print(kept.fingerprint() == before)
    """
    assert in_rasa(script, tmp_path) == "True"


def test_work_ahead_is_waited_for_and_never_for_ever(tmp_path: Path) -> None:
    script = """
        import threading
        from bot.encoding_ahead import Ahead, is_training
        done, may_go = [], threading.Event()
        threading.excepthook = lambda found: done.append(str(found.exc_value))
        ahead = Ahead()
        ahead.wait("nothing was begun")
        def slow():
            may_go.wait(10)
            done.append("first")
        def broken():
            raise ValueError("broken")
        ahead.begin({"a": slow, "b": broken, "c": lambda: done.append("never")})
        assert done == []
        may_go.set()
        ahead.wait("a")
        assert done[0] == "first"
        ahead.wait("b"), ahead.wait("c")
        assert not is_training(["rasa", "run"]) and is_training(["rasa", "train"])
        print(done)
    """
    assert in_rasa(script, tmp_path) in ("['first']", "['first', 'broken']")


def test_many_texts_get_the_vectors_that_each_gets_alone(tmp_path: Path) -> None:
    script = """
        import numpy as np
        from bot.sentence_vectors import BATCH, Encoder
        texts = [f"could you tell me {'more ' * (n % 9)}{n}" for n in range(3 * BATCH)]
        texts += ["", "ok", "\U0001f62d", "x" * 900, "word " * 400]
        encoder = Encoder()
        every = encoder.encode(texts)
        alone = np.concatenate([encoder.encode([text]) for text in texts])
        assert every.shape == (len(texts), 384) and encoder.encode([]).shape == (0, 384)
        print((every * alone).sum(axis=1).min() > 0.9999)
    """
    assert in_rasa(script, tmp_path) == "True"


def test_a_training_finds_its_texts_encoded(tmp_path: Path) -> None:
    script = """
        import os, sys
        from pathlib import Path
        folder = Path(sys.argv[1])
        sys.argv = ["rasa", "train"]
        from bot import sentence_vectors
        from bot.encoding_ahead import ENCODING, SENTENCES
        from bot.importer import ReadOnceImporter
        os.chdir(folder)
        texts = 'version: "3.1"\\nnlu:\\n- intent: {}\\n  examples: |\\n    - {}\\n'
        Path("greet.yml").write_text(texts.format("greet", "hello there coach"))
        asked = []
        real = sentence_vectors.Encoder.encode
        def noted(self, texts):
            asked.extend(texts)
            return real(self, texts)
        sentence_vectors.Encoder.encode = noted
        given = ("config.yml", "domain.yml", ["greet.yml"])
        read = ReadOnceImporter(*given).get_nlu_data()
        ENCODING.wait(SENTENCES)
        assert asked == ["hello there coach"], asked
        made = sentence_vectors.SentenceVectorFeaturizer(
            sentence_vectors.Encoder(), Path("var/nlu")
        )
        made.process_training_data(read)
        assert len(read.training_examples[0].features) == 1
        print(asked)
    """
    assert in_rasa(script, tmp_path) == "['hello there coach']"
