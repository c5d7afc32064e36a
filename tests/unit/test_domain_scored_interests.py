"""Six interest scores among a student's interests (O2, O4, O5)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from students import CATALOG, TODAY, interest, scored

from pathways.domain.career_ideas import scored_interest
from pathways.domain.catalog import Opportunity
from pathways.domain.facts import StudentFacts, from_snapshot, snapshot
from pathways.domain.matching import option_for, rank
from pathways.domain.options import Option, OptionKind
from pathways.domain.standing import Standing

SOCIAL = StudentFacts(grade=11, age=17, interests=(scored(S=40, I=30, A=20),))
NOBODY = replace(SOCIAL, interests=())


def internships(facts: StudentFacts) -> tuple[Option, ...]:
    return rank(facts, CATALOG, TODAY, OptionKind.INTERNSHIP, 8).items


def interest_of(option: Option) -> float:
    return next(part.strength for part in option.parts if part.name == "interest")


def led_to(facts: StudentFacts) -> Opportunity:
    fields = facts.interests[0].clusters
    return next(
        one for one in CATALOG.opportunities.values() if one.clusters[:1] == fields[-1:]
    )


def test_scores_lift_options_of_their_fields_and_say_so_with_day_and_source() -> None:
    lifted = [one for one in internships(SOCIAL) if interest_of(one)]
    assert lifted
    for option in lifted:
        reason = next(one for one in option.reasons if one.key == "interest_scores")
        assert reason.value == "R 5, I 30, A 20, S 40, E 5, C 5"
        assert reason.source == "interest scores, 2026-11-21"
    assert not any(interest_of(one) for one in internships(NOBODY))


@pytest.mark.parametrize(("days", "share"), [(0, 1.0), (200, 0.5), (365, 0.0)])
def test_scores_grow_old_as_likings_do(days: int, share: float) -> None:
    place = led_to(SOCIAL)
    fresh = option_for(place, SOCIAL, CATALOG, TODAY)
    aged = replace(SOCIAL, interests=(scored(days, S=40, I=30, A=20),))
    later = option_for(place, aged, CATALOG, TODAY)
    assert fresh is not None and later is not None
    assert interest_of(later) == pytest.approx(share * interest_of(fresh), abs=0.002)


def test_what_a_student_says_counts_more_than_scores() -> None:
    place = CATALOG.opportunities["OPP-INT-VET"]
    said = replace(NOBODY, interests=(interest("animals"),))
    fields = place.clusters[:1]
    brought = replace(SOCIAL.interests[0], clusters=fields)
    by_scores = option_for(place, replace(NOBODY, interests=(brought,)), CATALOG, TODAY)
    by_words = option_for(place, said, CATALOG, TODAY)
    assert by_scores is not None and by_words is not None
    assert 0 < interest_of(by_scores) < interest_of(by_words)


def test_scores_never_name_a_single_occupation() -> None:
    assert SOCIAL.interests[0].occupations == ()


def test_scores_that_are_all_the_same_lead_nowhere() -> None:
    assert scored_interest(dict.fromkeys("RIASEC", 20), TODAY, CATALOG) is None
    assert scored_interest({}, TODAY, CATALOG) is None


def test_scores_come_back_from_a_log_as_they_were() -> None:
    assert from_snapshot(snapshot(SOCIAL)) == SOCIAL


def test_an_older_log_without_a_source_of_likings_is_read() -> None:
    plain = snapshot(replace(NOBODY, interests=(interest("animals"),)))
    for one in plain["interests"]:
        del one["source"]
    assert from_snapshot(plain).interests[0].source == "chat"


def test_a_liking_counts_in_full_and_scores_at_most_seven_tenths() -> None:
    both = replace(NOBODY, interests=(interest("animals"), SOCIAL.interests[0]))
    fresh = {
        one.fact.source: one.fresh for one in Standing(both, CATALOG, TODAY).likings
    }
    assert fresh == {"chat": 1000, "interest scores": 700}
