"""Signs that are quiet alone and loud together, over one message or several."""

from collections.abc import Iterable

from pathways.safety.context import Reading

RED_AT = 5
_FAREWELL_EXTRA = 1


def builds_up(now: Iterable[Reading], earlier: Iterable[Iterable[Reading]]) -> bool:
    """Tell whether this message completes a build-up towards danger.

    Each kind of sign (hopeless, burden, farewell ...) counts once, at its weight in
    ``rules/soft.yml``; a farewell beside another sign counts one more. The latest
    message must itself carry a sign. The limit is the project's own choice, set on
    its written dialogues and to be reviewed by a counselor.
    """
    signs = _signs(now)
    if not signs:
        return False
    for message in earlier:
        for kind, weight in _signs(message).items():
            signs[kind] = max(weight, signs.get(kind, 0))
    total = sum(signs.values())
    if "farewell" in signs and len(signs) > 1:
        total += _FAREWELL_EXTRA
    return len(signs) > 1 and total >= RED_AT


def _signs(readings: Iterable[Reading]) -> dict[str, int]:
    found: dict[str, int] = {}
    for reading in readings:
        rule = reading.rule
        if rule.weight and (reading.level != "none" or rule.level == "none"):
            found[rule.kind] = max(rule.weight, found.get(rule.kind, 0))
    return found
