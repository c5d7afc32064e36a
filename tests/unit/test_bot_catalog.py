"""The catalog's phrases, read many at once, are what spaCy reads one by one."""

from __future__ import annotations

import json
from pathlib import Path

from rasa_side import in_rasa

PHRASES = [
    "vet's aide",
    "cnc  machining",
    "broken\nline",
    "a. p. biology",
    "",
    "nurses",
]


def test_phrases_read_together_have_the_same_words_and_lemmas(tmp_path: Path) -> None:
    found = json.loads(
        in_rasa(
            f"""
            import json
            from spacy.attrs import LEMMA, LOWER
            from bot import catalog_matcher
            catalog_matcher.LINES = 4
            language = catalog_matcher.make_language()
            phrases = {PHRASES!r}
            alone = []
            for one in phrases:
                rows = language(" ".join(one.split())).to_array([LOWER, LEMMA]).tolist()
                alone.append([one, [row[0] for row in rows], [row[1] for row in rows]])
            together = list(map(list, catalog_matcher.read_many(language, phrases)))
            print(json.dumps([together, alone]))
            """,
            tmp_path,
        )
    )
    together, alone = found
    assert together == alone
    assert [len(words) for _, words, _ in together][:3] == [3, 2, 2]
