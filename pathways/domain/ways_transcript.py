"""Ways to a credit as plain data, so that two runs can be compared to the byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pathways.domain.catalog import Catalog, Course
from pathways.domain.credit_ways import Deadline, Way, ways_for
from pathways.domain.facts import canonical, from_snapshot
from pathways.domain.matching import VERSION, explained
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import limits_from, plain_limits
from pathways.domain.standing import Standing
from pathways.domain.transcript import check_matcher, plain_check


def ways_to(course: Course, standing: Standing, policy: Policy) -> tuple[Way, ...]:
    """Return the ways to a course's credit for a student, the best first."""
    options = [
        option
        for one in standing.catalog.credit_options.values()
        if one.course == course.code
        and (option := explained(one, standing)) is not None
    ]
    credit = standing.facts.credit
    return ways_for(course, options, standing.catalog, policy, standing.today, credit)


def ways_inputs(course: str, standing: Standing, policy: Policy) -> dict[str, Any]:
    """Return all that ways rest on, besides catalog and pack, as plain data."""
    return {
        "matcher": VERSION,
        "course": course,
        "facts": standing.facts.plain,
        "today": standing.today.isoformat(),
        "limits": plain_limits(standing.limits),
        "overlay": policy.overlay_number,
    }


def ways_again(
    inputs: Mapping[str, Any], catalog: Catalog, policy: Policy
) -> tuple[Way, ...]:
    """Find the ways from logged inputs.

    Raises:
        OtherMatcher: the log was written by another version of the matcher.
    """
    check_matcher(inputs)
    standing = Standing(
        from_snapshot(inputs["facts"]),
        catalog,
        date.fromisoformat(inputs["today"]),
        limits_from(inputs["limits"]),
    )
    return ways_to(catalog.courses[inputs["course"]], standing, policy)


def ways_transcript(found: Sequence[Way]) -> bytes:
    """Return everything that ways say, the same bytes for the same ways."""
    return canonical({"items": [_plain(one) for one in found]}).encode()


def _plain(way: Way) -> dict[str, Any]:
    held = {name: getattr(way, name) for name in AS_THEY_ARE}
    return {
        **held,
        "deadlines": [_deadline(one) for one in way.deadlines],
        "failed": [plain_check(one) for one in way.failed],
        "parts": list(way.parts),
    }


AS_THEY_ARE = (
    *("id", "title", "kind", "course", "credits", "whole", "hours", "hours_rule"),
    *("evidence", "overseer", "cost", "score", "rule"),
)


def _deadline(one: Deadline) -> dict[str, str | None]:
    return {"what": one.what, "day": one.day.isoformat() if one.day else None}
