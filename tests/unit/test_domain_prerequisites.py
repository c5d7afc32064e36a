from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.prerequisites import NOTHING, Rule, UnreadableRule, parse

CODES = ["ALG1", "GEO", "BIO", "CHEM", "ART-1"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ()),
        ("  ", ()),
        ("ALG1", ("ALG1",)),
        ("ALG1&GEO", ("ALG1", "GEO")),
        (" ( ALG1 | BIO ) & ART-1 ", ("ALG1", "BIO", "ART-1")),
        ("((ALG1))", ("ALG1",)),
    ],
)
def test_a_rule_names_its_courses_in_order(text: str, codes: tuple[str, ...]) -> None:
    assert parse(text).codes == codes


def test_and_binds_closer_than_or() -> None:
    rule = parse("ALG1 | GEO & BIO")
    assert rule.holds({"ALG1"}.__contains__)
    assert rule.holds({"GEO", "BIO"}.__contains__)
    assert not rule.holds({"GEO"}.__contains__)


def test_parentheses_change_what_binds() -> None:
    rule = parse("(ALG1 | GEO) & BIO")
    assert not rule.holds({"ALG1"}.__contains__)
    assert rule.holds({"ALG1", "BIO"}.__contains__)


def test_no_prerequisite_always_holds() -> None:
    assert parse("") == NOTHING
    assert NOTHING.holds(lambda code: False)
    assert NOTHING.missing(lambda code: False) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ALG1 GEO", "write & or | before 'GEO'"),
        ("ALG1 &", "missing before 'the end'"),
        ("& ALG1", "missing before '&'"),
        ("ALG1 || GEO", "missing before '|'"),
        ("(ALG1", r"closing \) is missing"),
        ("ALG1)", r"write & or \| before '\)'"),
        ("()", "missing before"),
        ("(" * 30 + "A" + ")" * 30, "too many parentheses"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(text: str, reason: str) -> None:
    with pytest.raises(UnreadableRule, match=reason.replace("||", r"\|\|")):
        parse(text)


@given(st.text(alphabet="AB1 -&|()\t\n\0é", max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        rule = parse(text)
    except UnreadableRule as error:
        assert str(error)
    else:
        assert isinstance(rule, Rule)
        assert rule.holds(lambda code: True)


def _rules() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(CODES),
        lambda inner: st.tuples(
            st.lists(inner, min_size=1, max_size=3), st.sampled_from("&|")
        ).map(lambda found: "(" + found[1].join(found[0]) + ")"),
        max_leaves=6,
    )


@given(_rules(), st.sets(st.sampled_from(CODES)))
def test_missing_is_the_smallest_set_that_meets_a_rule(
    text: str, passed: set[str]
) -> None:
    rule = parse(text)
    missing = rule.missing(passed.__contains__)
    assert rule.holds((passed | set(missing)).__contains__)
    assert not passed & set(missing)
    fewer = [
        chosen
        for size in range(len(missing))
        for chosen in combinations(CODES, size)
        if rule.holds((passed | set(chosen)).__contains__)
    ]
    assert fewer == []


def test_a_course_that_serves_twice_is_asked_for_once() -> None:
    assert parse("(ALG1 | BIO) & BIO").missing(lambda code: False) == ("BIO",)


@given(_rules(), st.sets(st.sampled_from(CODES)), st.sampled_from(CODES))
def test_one_more_course_never_closes_a_rule(
    text: str, passed: set[str], more: str
) -> None:
    rule = parse(text)
    if rule.holds(passed.__contains__):
        assert rule.holds((passed | {more}).__contains__)


def test_a_long_list_of_choices_stays_quick() -> None:
    text = " & ".join(f"(A{n} | B{n} | C{n})" for n in range(60))
    assert len(parse(text).missing(lambda code: False)) == 60
