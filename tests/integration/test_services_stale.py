"""Bad and stale input through the services: an answer that is true and useful."""

import pytest
from little_school import LittleSchool
from records_made import add_many_results, contradict, retire, take

from pathways.domain.catalog import Entry
from pathways.domain.options import OptionKind
from pathways.services import catalog as catalogs
from pathways.services import graduation_check, mastery, options
from pathways.services.credit_ways import ways
from pathways.services.errors import NotFound
from pathways.services.what_if import what_if

RESULTS = 4000


def entry(little: LittleSchool, code: str) -> Entry:
    with little.milepost.work() as work:
        school_id = little["student"].school_id
        catalog = little.milepost.catalogs.current(work, school_id)
    return options.entry_by_code(catalog, code)


def edit(little: LittleSchool, kind: str, code: str, **cells: str) -> None:
    given = {"code": code, **cells}
    catalogs.edit(little.milepost, little["counselor"], kind, given, 1)


# Deleted or withdrawn between the suggestion and the click


def test_a_suggested_option_that_was_retired_is_told_and_left_out(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    first = options.suggest(milepost, student, OptionKind.INTERNSHIP).items[0]
    options.decide(milepost, student, first.id, options.SAVED)
    retire(little, "opportunity", first.id)
    again = options.why(milepost, student, first.id)
    assert again.withdrawn and not again.open
    assert "what is offered in its place" in again.next_step
    assert first.id not in dict(options.last_titles(milepost, student))
    (kept,) = options.saved(milepost, student)
    assert kept.withdrawn and not kept.open
    listed = options.suggest(milepost, student, OptionKind.INTERNSHIP, 50)
    assert first.id not in {one.id for one in (*listed.items, *listed.not_yet)}


def test_an_option_that_never_was_is_not_found(little: LittleSchool) -> None:
    for call in (options.why, ways):
        with pytest.raises(NotFound):
            call(little.milepost, little["student"], "NO-SUCH")


def test_a_credit_way_of_a_retired_course_says_so(little: LittleSchool) -> None:
    retire(little, "course", "WLG-SPA1")
    found = options.why(little.milepost, little["student"], "CFO-TEST-SPA1")
    assert not found.open
    assert "not in the catalog any more" in found.limits[0]


# A circle of prerequisites, a pathway with retired courses


def test_a_circle_of_prerequisites_is_named_as_a_mistake(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    edit(little, "course", "MTH-ALG1", prerequisites="MTH-GEO")
    edit(little, "course", "MTH-GEO", prerequisites="MTH-ALG1")
    found = options.why(milepost, student, "MTH-ALG1")
    assert "looks like a mistake" in found.limits[0]
    assert found.next_step == "Ask your counselor to have the catalog looked at."
    listed = options.suggest(milepost, student, OptionKind.COURSE, 50)
    shown = {one.id for one in (*listed.items, *listed.not_yet)}
    assert not {"MTH-ALG1", "MTH-GEO"} & shown
    assert len(listed.items) > 5
    later = what_if(milepost, student, finish=["MTH-ALG1"])
    assert "MTH-GEO" in {one.id for one in later.opened} or later.opened_count > 5


def test_a_pathway_with_retired_courses_still_leads_on(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, student.school_id)
    program = next(one for one in catalog.programs.values() if len(one.courses) > 3)
    retire(little, "course", program.courses[0])
    after = next(
        one
        for one in catalog.courses.values()
        if set(one.rule.codes) == {program.courses[0]}
    )
    found = options.why(milepost, student, after.code)
    assert not found.open
    assert "the school does not offer that any more" in found.limits[0]
    assert "what counts in its place" in found.next_step
    assert options.suggest(milepost, student, OptionKind.COURSE).items


# No record at all, and very much of it


def test_a_student_without_any_record_gets_early_options(little: LittleSchool) -> None:
    found = options.suggest(little.milepost, little["other_student"], None, 8)
    assert found.early
    assert len(found.items) == 8
    assert len({one.kind for one in found.items}) >= 3
    assert all(one.reasons for one in found.items)
    check = graduation_check.graduation_check(little.milepost, little["other_student"])
    assert check.outlook == "not_known"


def test_four_thousand_results_are_read_and_the_newest_count(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    add_many_results(little, RESULTS)
    levels = {one.level for one in mastery.profile(milepost, student)}
    assert levels == {4}
    found = options.suggest(milepost, student, OptionKind.COURSE)
    assert found.items
    said = {one.value for option in found.items for one in option.reasons}
    assert not any("beginning" in one for one in said)


# Contradicting sources, dates out of order


def test_sources_that_contradict_each_other_are_both_named(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    contradict(little)
    take(little, "SCI-BIO", "completed")
    found = options.why(milepost, student, "SCI-ANAT")
    (told,) = [one for one in found.reasons if "Two sources" in one.fact]
    assert "proficient" in told.fact
    assert "State says beginning" in told.fact


def test_dates_out_of_order_close_a_place_and_say_whom_to_ask(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    edit(
        little,
        "opportunity",
        "OPP-INT-CODE",
        starts="2027-06-01",
        ends="2027-03-01",
        apply_by="2027-01-15",
    )
    found = options.why(milepost, student, "OPP-INT-CODE")
    assert not found.open
    assert any("do not fit together" in one for one in found.limits)
    listed = options.suggest(milepost, student, OptionKind.INTERNSHIP, 50)
    assert "OPP-INT-CODE" not in {one.id for one in listed.items}
