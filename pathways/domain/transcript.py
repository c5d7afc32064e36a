"""A ranking as plain data, so that two runs can be compared to the byte."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.domain.catalog import Catalog
from pathways.domain.facts import StudentFacts, canonical, from_snapshot
from pathways.domain.matching import VERSION, rank
from pathways.domain.options import Check, Option, OptionKind, Ranking, Reason
from pathways.domain.policy_limits import PolicyLimits, limits_from, plain_limits


class OtherMatcher(ValueError):
    """The suggestion was made by another version of the matcher."""


def inputs_of(
    facts: StudentFacts,
    today: date,
    kind: OptionKind | None,
    limit: int,
    limits: PolicyLimits,
) -> dict[str, Any]:
    """Return all that a ranking rests on, besides the catalog, as plain data."""
    return {
        "matcher": VERSION,
        "facts": facts.plain,
        "today": today.isoformat(),
        "kind": kind.value if kind else None,
        "limit": limit,
        "limits": plain_limits(limits),
    }


def ranked_again(inputs: dict[str, Any], catalog: Catalog) -> Ranking:
    """Rank from logged inputs.

    Raises:
        OtherMatcher: the log was written by another version of the matcher.
    """
    check_matcher(inputs)
    return rank(
        from_snapshot(inputs["facts"]),
        catalog,
        date.fromisoformat(inputs["today"]),
        OptionKind(inputs["kind"]) if inputs["kind"] else None,
        inputs["limit"],
        limits_from(inputs["limits"]),
    )


def check_matcher(inputs: Mapping[str, Any]) -> None:
    """Refuse the log of another matcher.

    Raises:
        OtherMatcher: with both versions.
    """
    if inputs["matcher"] != VERSION:
        raise OtherMatcher(
            f"Matcher {inputs['matcher']} made this; here is {VERSION}. "
            "Run the release of that day."
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
        "checks": [plain_check(one) for one in option.checks],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "key": reason.key,
        "values": dict(reason.values),
        "value": reason.value,
        "source": reason.source,
    }


def plain_check(check: Check) -> dict[str, Any]:
    """Return a check as plain data."""
    return {
        "key": check.key,
        "holds": check.holds,
        "values": dict(check.values),
        "condition": check.condition,
        "source": check.source,
    }
