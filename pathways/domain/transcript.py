"""A ranking as plain data, so that two runs can be compared to the byte."""

from __future__ import annotations

from datetime import date
from typing import Any

from pathways.domain.catalog import Catalog
from pathways.domain.facts import StudentFacts, canonical, from_snapshot, snapshot
from pathways.domain.matching import VERSION, rank
from pathways.domain.options import Check, Option, OptionKind, Ranking, Reason


class OtherMatcher(ValueError):
    """The suggestion was made by another version of the matcher."""


def inputs_of(
    facts: StudentFacts, today: date, kind: OptionKind | None, limit: int
) -> dict[str, Any]:
    """Return all that a ranking rests on, besides catalog and policy, as plain data."""
    return {
        "matcher": VERSION,
        "facts": snapshot(facts),
        "today": today.isoformat(),
        "kind": kind.value if kind else None,
        "limit": limit,
    }


def ranked_again(inputs: dict[str, Any], catalog: Catalog) -> Ranking:
    """Rank from logged inputs.

    Raises:
        OtherMatcher: the log was written by another version of the matcher.
    """
    if inputs["matcher"] != VERSION:
        raise OtherMatcher(
            f"Matcher {inputs['matcher']} made this; here is {VERSION}. "
            "Run the release of that day."
        )
    return rank(
        from_snapshot(inputs["facts"]),
        catalog,
        date.fromisoformat(inputs["today"]),
        OptionKind(inputs["kind"]) if inputs["kind"] else None,
        inputs["limit"],
    )


def transcript(ranking: Ranking) -> bytes:
    """Return everything that a ranking says, the same bytes for the same ranking."""
    plain = {
        "items": [_option(one) for one in ranking.items],
        "not_yet": [_option(one) for one in ranking.not_yet],
    }
    return canonical(plain).encode()


def _option(option: Option) -> dict[str, Any]:
    return {
        "id": option.entry.code,
        "kind": option.kind.value,
        "score": option.units,
        "stretch": option.stretch,
        "support": _reason(option.support) if option.support else None,
        "parts": [
            {
                "name": part.name,
                "weight": part.weight,
                "strength": part.strength,
                "reasons": [_reason(one) for one in part.reasons],
            }
            for part in option.parts
        ],
        "checks": [_check(one) for one in option.checks],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "key": reason.key,
        "values": dict(reason.values),
        "value": reason.value,
        "source": reason.source,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "key": check.key,
        "holds": check.holds,
        "values": dict(check.values),
        "condition": check.condition,
    }
