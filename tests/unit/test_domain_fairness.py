"""Nobody is steered by who they are; every student reaches several fields (O12, A9)."""

from collections import Counter
from itertools import permutations
from random import Random

import pytest
from students import CATALOG, TODAY, drawn, interest, scored

from pathways.domain.career_ideas import career_ideas
from pathways.domain.catalog import Occupation, catalog_of
from pathways.domain.equity import Exposure, alerts, tabulate
from pathways.domain.facts import StudentFacts
from pathways.domain.matching import rank
from pathways.domain.options import OptionKind
from pathways.domain.standing import Standing

NOBODY = StudentFacts(grade=10)
LETTERS = "RIASEC"


def families(found: tuple[object, ...]) -> Counter[str]:
    return Counter(one.occupation.cluster for one in found)  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", LETTERS)
def test_every_interest_profile_reaches_four_families_in_eight(first: str) -> None:
    for rest in permutations(LETTERS.replace(first, ""), 2):
        found = career_ideas(Standing(NOBODY, CATALOG, TODAY), (first, *rest))
        assert len(found) == 8
        assert len(families(found)) >= 4, (first, rest)
        assert max(families(found).values()) <= 2


def test_a_social_investigative_student_is_not_flooded_with_professors() -> None:
    professors = [
        Occupation(
            code=f"25-1{number:03}",
            title=f"Professor of field {number}",
            cluster="education",
            description="Teaches at a college.",
            interests=("S", "I"),
        )
        for number in range(60)
    ]
    entries = [one for group in CATALOG.entries.values() for one in group.values()]
    flooded = catalog_of(1, [*entries, *professors])
    found = career_ideas(Standing(NOBODY, flooded, TODAY), ("S", "I"))
    assert len(families(found)) >= 4
    assert sum(one.occupation.code.startswith("25-1") for one in found) <= 2


def test_six_scores_reach_four_fields_and_none_of_them_alone() -> None:
    for letters in permutations(LETTERS, 3):
        strong = {letter: 40 - place for place, letter in enumerate(letters)}
        facts = StudentFacts(grade=10, interests=(scored(**strong),))
        found = career_ideas(Standing(facts, CATALOG, TODAY))
        assert len(facts.interests[0].clusters) == 4, letters
        assert len(families(found)) >= 4, letters
        assert max(families(found).values()) <= 2, letters
        assert {one.how for one in found} == {"letters"}


def test_a_social_investigative_student_s_scores_do_not_flood_the_options() -> None:
    facts = StudentFacts(grade=11, age=17, interests=(scored(S=40, I=38),))
    found = rank(facts, CATALOG, TODAY, OptionKind.INTERNSHIP, 8).items
    fields = Counter(one.entry.clusters[0] for one in found)  # type: ignore[union-attr]
    assert len(found) == 8
    assert len(fields) >= 4, fields
    assert fields["education"] <= 3, fields


def test_what_a_student_likes_leads_and_is_named() -> None:
    facts = StudentFacts(interests=(interest("animals"),))
    found = career_ideas(Standing(facts, CATALOG, TODAY))
    assert found[0].because == "animals"
    assert found[0].occupation.code in interest("animals").occupations
    assert len(families(found)) >= 4


def test_an_idea_says_whether_it_was_named_or_is_only_alike() -> None:
    facts = StudentFacts(interests=(interest("animals"),))
    found = career_ideas(Standing(facts, CATALOG, TODAY), ("S", "I"), 40)
    for one in found:
        named = one.occupation.code in interest("animals").occupations
        assert (one.how == "named") is named
        assert (one.because == "") is (one.how == "letters")
    assert {one.how for one in found} >= {"named", "letters"}


def test_groups_with_numbers_stand_in_their_order() -> None:
    rows = tabulate({f"grade {n}": [HIGH] * 12 for n in (12, 7, 10)})
    assert [row.group for row in rows] == ["grade 7", "grade 10", "grade 12"]


def exposed(*offered: str) -> Exposure:
    return Exposure(frozenset(offered), frozenset(offered), 5)


HIGH, LOW = exposed("advanced", "internship"), exposed("internship")


def test_small_groups_are_hidden_and_one_alone_takes_another_with_it() -> None:
    rows = tabulate({"a": [HIGH] * 30, "b": [HIGH] * 12, "c": [LOW] * 3})
    assert {row.group for row in rows if not row.shares} == {"b", "c"}
    assert all(row.students is None for row in rows if not row.shares)
    rows = tabulate({"a": [HIGH] * 30, "b": [LOW] * 2, "c": [LOW] * 3})
    assert {row.group for row in rows if not row.shares} == {"b", "c"}


def test_a_group_that_sees_only_low_levels_raises_an_alert() -> None:
    found = alerts(tabulate({"a": [HIGH] * 20, "b": [LOW] * 20}))
    assert {(one.group, one.what) for one in found} == {
        ("b", "only_low"),
        ("b", "offered_advanced"),
    }


def test_groups_that_see_the_same_raise_none() -> None:
    assert alerts(tabulate({"a": [HIGH] * 20, "b": [HIGH] * 15})) == ()


def test_a_hidden_group_raises_no_alert() -> None:
    assert alerts(tabulate({"a": [HIGH] * 20, "b": [LOW] * 2, "c": [LOW] * 3})) == ()


def test_students_with_the_same_facts_are_the_same_student() -> None:
    assert drawn(Random(8)).fingerprint == drawn(Random(8)).fingerprint
    assert drawn(Random(8)).fingerprint != drawn(Random(9)).fingerprint
