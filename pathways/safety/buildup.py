"""Signs that are quiet alone and loud together, over one message or several."""

from collections.abc import Iterable

from pathways.safety.context import Reading

RED_AT = 5
_FAREWELL_EXTRA = 1
_RETURN_EXTRA = 1
_FEWEST_KINDS = 2


def builds_up(now: Iterable[Reading], earlier: Iterable[Iterable[Reading]]) -> bool:
    """Tell whether this message completes a build-up towards danger.

    Each kind of sign (hopeless, burden, farewell ...) counts once, at its weight in
    ``rules/soft.yml`` or ``rules/quiet.yml``, and one more where it comes back in a
    later message; a farewell beside another sign counts one more. Quiet signs count
    only over several messages. The latest message must itself carry a sign. The limit
    is the project's own choice, set on its written dialogues and to be reviewed by a
    counselor.
    """
    latest = list(now)
    if not _signs(latest):
        return False
    messages = [found for found in map(_signs, earlier) if found]
    signs = _signs(latest, quiet=bool(messages))
    if not signs:
        return False
    messages.append(signs)
    weights: dict[str, int] = {}
    for message in messages:
        for kind, weight in message.items():
            weights[kind] = max(weight, weights.get(kind, 0))
    returned = sum(sum(kind in one for one in messages) > 1 for kind in weights)
    total = sum(weights.values()) + _RETURN_EXTRA * returned
    if "farewell" in weights and len(weights) > 1:
        total += _FAREWELL_EXTRA
    return len(weights) >= _FEWEST_KINDS and total >= RED_AT


def _signs(readings: Iterable[Reading], *, quiet: bool = True) -> dict[str, int]:
    found: dict[str, int] = {}
    for reading in readings:
        rule = reading.rule
        if rule.level == "none" and not quiet and rule.id.startswith("qu."):
            continue
        if rule.weight and (reading.level != "none" or rule.level == "none"):
            found[rule.kind] = max(rule.weight, found.get(rule.kind, 0))
    return found
