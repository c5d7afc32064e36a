"""Train the second reader of the safety screen, and write its weights.

It learns from ``develop/``, ``fresh/``, ``fresh2/``, ``fresh3/``, the older sets, the
ordinary examples of ``data/nlu`` in both languages and what students say in the
conversations of the tests; never from ``fresh4/``. Its limits are set on templates
left out in turn, at a share of ordinary messages that may pass them. Needs
scikit-learn, so run:
``PYTHONPATH=. .venv-rasa/bin/python tests/safety/train_likeness.py``.
"""

import base64
import hashlib
import json
import re
import unicodedata
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sets import LEARNED, NLU, ROOT, expand, nlu_examples, read
from sklearn.linear_model import LogisticRegression

from pathways.safety import likeness, spelling
from pathways.safety.screening import plain_line
from pathways.safety.spelling import one_slip

BITS, KIND_BITS = 16, 13
FOLDS = 3
C = 20
ORDINARY_RED, ORDINARY_SOFT = 0.0015, 0.004
COMMON = 30
MISSPELLED = ("typos", "slang", "emoji")
CODE = Path(likeness.__file__)


def examples():
    """Give (template, message, kind or none) of all that may be learned from."""
    for name in LEARNED:
        for group in read(name):
            level, _, kind = group["expect"].partition("/")
            if level in ("red", "any") and not kind:
                continue
            kind = kind if level in ("red", "any") else ""
            single = [(t, t) for t in group.get("texts", ()) if isinstance(t, str)]
            made = [(t, one) for t in group.get("templates", ()) for one in expand(t)]
            yield from ((t, one, kind or "none") for t, one in single + made)
    yield from ((text, text, NLU) for text in nlu_examples())
    yield from ((text, text, NLU) for text in said_calmly())


def said_calmly():
    """Give what students say in the conversations of the tests, but for danger."""
    for path in sorted((ROOT / "tests" / "conversations").rglob("*.yml")):
        for turn in yaml.safe_load(path.read_text(encoding="utf-8"))["turns"]:
            if "say" in turn and turn.get("safety", "none") == "none":
                yield str(turn["say"])


def matrix(lines, bits=BITS):
    places, columns, values = [0], [], []
    for line in lines:
        found = sorted(likeness.features(line, (1 << bits) - 1))
        columns += found
        values += [1 / max(1, len(found)) ** 0.5] * len(found)
        places.append(len(columns))
    return csr_matrix((values, columns, places), shape=(len(lines), 1 << bits))


def fitted(made, wanted):
    return LogisticRegression(C=C, solver="liblinear").fit(made, wanted)


def packed(model):
    weights = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127
    small = np.round(weights / scale).astype(np.int8)
    text = base64.b64encode(small.tobytes()).decode()
    return {"bias": float(model.intercept_[0]), "scale": scale, "weights": text}


def write_vocabulary():
    """Write the words of the ordinary examples and the sets, the commonest first."""
    counts = Counter()
    for name in LEARNED:
        for group in read(name):
            if group["group"] not in MISSPELLED:
                told = [str(one) for one in group.get("texts", ())]
                told += [one for t in group.get("templates", ()) for one in expand(t)]
                counts.update({w: 2 for text in told for w in words_of(text)})
    ordinary = Counter(w for text in nlu_examples() for w in words_of(text))
    common = [word for word, n in ordinary.items() if n >= COMMON]
    slips = {w for w, n in ordinary.items() if n == 1 and near(w, common)}
    counts.update({word: n for word, n in ordinary.items() if word not in slips})
    reviewed = sorted(spelling.WORDS.parent.rglob("*.yml"))
    texts = (one.read_text(encoding="utf-8") for one in reviewed)
    told = {word for text in texts for word in words_of(text.replace("\\\\b", " "))}
    counts.update(dict.fromkeys(told, 0))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    spelling.WORDS.write_text("\n".join(ranked) + "\n", encoding="utf-8")
    spelling.vocabulary.cache_clear()


def near(word, common):
    """Tell whether a word is one slip away from a common one."""
    return any(abs(len(one) - len(word)) < 2 and one_slip(word, one) for one in common)


def words_of(text):
    marks = unicodedata.normalize("NFD", text.lower())
    return re.findall(
        "[a-z]+", "".join(c for c in marks if not unicodedata.combining(c))
    )


def main():
    write_vocabulary()
    rows = list(examples())
    kinds = np.array([kind for _, _, kind in rows])
    made = matrix([plain_line(text) for _, text, _ in rows])
    danger = ~np.isin(kinds, ["none", NLU])
    fold = np.array([zlib.crc32(key.encode()) % FOLDS for key, _, _ in rows])
    shares = np.zeros(len(rows))
    for left_out in range(FOLDS):
        model = fitted(made[fold != left_out], danger[fold != left_out])
        shares[fold == left_out] = model.predict_proba(made[fold == left_out])[:, 1]
    ordinary = shares[kinds == NLU]
    red, soft = (
        float(np.quantile(ordinary, 1 - part)) for part in (ORDINARY_RED, ORDINARY_SOFT)
    )
    print(
        f"{len(rows)} messages, {danger.sum()} of danger; red {red:.3f} soft {soft:.3f}"
    )
    print(f"left out, found: {(shares[danger] > red).mean():.3f}")
    lines = [plain_line(rows[at][1]) for at in np.flatnonzero(danger)]
    of_kind = matrix(lines, KIND_BITS)
    told = {
        "bits": BITS,
        "kind_bits": KIND_BITS,
        "red": round(red, 4),
        "soft": round(soft, 4),
        "gate": packed(fitted(made, danger)),
        "kinds": {
            str(kind): packed(fitted(of_kind, kinds[danger] == kind))
            for kind in sorted(set(kinds[danger]))
        },
    }
    likeness.WEIGHTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    digest = hashlib.sha256(likeness.WEIGHTS.read_bytes()).hexdigest()
    code = CODE.read_text(encoding="utf-8")
    code = re.sub('SHA256 = "[^"]*"', f'SHA256 = "{digest}"', code)
    CODE.write_text(code, encoding="utf-8")


if __name__ == "__main__":
    main()
