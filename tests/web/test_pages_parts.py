"""The parts that pages are made of: lanes, signs, the catalog's form and list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathways.domain.catalog import KINDS, Catalog, Cluster, Course, catalog_of
from pathways.services.goals import GoalView
from pathways.services.mastery import Standing
from pathways.services.messages import Message
from web.pages.catalog_form import Control, blank_cells, column_of, fields_of
from web.pages.catalog_list import listing
from web.pages.chat_stream import event, shown_replies
from web.pages.lanes import grouped, lane_of
from web.pages.plan import signs_ahead
from web.pages.session import safe_next
from web.pages.templates import link_phones, static

DAY = date(2026, 11, 21)


def standing(title: str, subject: str, *levels: int) -> Standing:
    attempts = tuple(
        (date(2026, 1 + n, 1), level, "quiz") for n, level in enumerate(levels)
    )
    return Standing(
        code=title,
        title=title,
        subject=subject,
        category="content_knowledge",
        level=levels[-1],
        word="",
        trend=0,
        as_of=attempts[-1][0],
        source="Canvas",
        attempts=attempts,
    )


def catalog() -> Catalog:
    return catalog_of(
        4,
        [
            Cluster(code="health", title="Health", review_by=DAY),
            Cluster(code="arts", title="Arts", status="retired"),
            Course(
                code="BIO",
                title="Biology",
                sced_code="03051",
                subject="science",
                credits=1,
                level="core",
                clusters=("health", "gone"),
                everyday_names=("life science",),
            ),
        ],
    )


def test_a_lane_starts_where_the_attempt_before_stood() -> None:
    lane = lane_of(standing("a", "math", 1, 2, 2, 4))
    assert (lane.start, lane.earlier) == (2, (1, 2))


def test_a_single_result_has_no_tail() -> None:
    lane = lane_of(standing("a", "math", 3))
    assert (lane.start, lane.earlier) == (3, ())


def test_lanes_stand_by_subject_or_newest_first() -> None:
    found = [standing("a", "science", 3), standing("b", "math", 2, 2)]
    assert [one.subject for one in grouped(found, "subject")] == ["math", "science"]
    (newest,) = grouped(found, "newest")
    assert [lane.standing.title for lane in newest.lanes] == ["b", "a"]
    assert grouped([], "subject") == []


def test_signs_ahead_are_in_order_and_a_review_on_the_last_day_is_one() -> None:
    goal = GoalView(
        id="1",
        what="Labs",
        measure="",
        why="",
        confidence=7,
        due=date(2026, 12, 18),
        review=date(2026, 12, 18),
        first_step="Ask",
        first_step_due=date(2026, 11, 23),
        status="active",
        set_at=datetime(2026, 11, 21, tzinfo=UTC),
        progress=(),
    )
    assert [sign.kind for sign in signs_ahead([goal])] == ["first_step", "due"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_each_kind_reads_back_what_it_shows(kind: str) -> None:
    found = fields_of(catalog(), kind, blank_cells(kind))
    assert {one.name for one in found} == set(KINDS[kind].model_fields) - {"code"}
    values = {one.name: one.value for one in found}
    assert values["status"] == "active" and values["source"] == "school"


def test_controls_follow_the_type_of_a_field() -> None:
    found: dict[str, Any] = {
        one.name: one for one in fields_of(catalog(), "opportunity", {})
    }
    assert found["remote"].control is Control.FLAG
    assert found["apply_by"].control is Control.DATE
    assert found["hours_total"].control is Control.NUMBER
    assert found["sort"].control is Control.CHOICE
    assert found["clusters"].control is Control.LIST
    assert found["description"].control is Control.AREA


def test_codes_are_shown_with_their_titles_and_an_unknown_one_is_kept() -> None:
    cells = {"clusters": "health; gone"}
    field = next(
        one for one in fields_of(catalog(), "course", cells) if one.name == "clusters"
    )
    assert [one.label for one in field.named] == ["Health"]
    cells = {"cluster": "gone"}
    chosen = next(
        one for one in fields_of(catalog(), "program", cells) if one.name == "cluster"
    )
    assert chosen.control is Control.CHOICE
    assert [one.value for one in chosen.choices] == ["gone", "arts", "health"]


def test_an_error_finds_its_field_by_name_or_alias() -> None:
    assert column_of(KINDS["opportunity"], "kind") == "sort"
    assert column_of(KINDS["opportunity"], "place") == "place"
    assert column_of(KINDS["course"], "nothing") == ""


@pytest.mark.parametrize(
    ("kind", "words", "state", "found"),
    [
        ("course", "LIFE sci", "", ["BIO"]),
        ("course", "bio", "", ["BIO"]),
        ("course", "chemistry", "", []),
        ("cluster", "", "retired", ["arts"]),
        ("cluster", "", "due", ["health"]),
        ("cluster", "", "", ["arts", "health"]),
    ],
)
def test_the_list_finds_by_words_and_state(
    kind: str, words: str, state: Any, found: list[str]
) -> None:
    codes = [one.code for one in listing(catalog(), kind, words, state, DAY)]
    assert codes == found


def test_an_event_keeps_its_line_breaks() -> None:
    assert event("reply", "a\nb") == "event: reply\ndata: a\ndata: b\n\n"
    assert event("typing") == "event: typing\ndata: \n\n"


def test_helpline_numbers_become_links_and_the_rest_is_escaped() -> None:
    linked = str(link_phones("Call 988 <now>, text 741741, or 1-800-422-4453."))
    assert '<a href="tel:988">988</a> &lt;now&gt;' in linked
    assert '<a href="sms:741741">741741</a>' in linked
    assert '<a href="tel:18004224453">1-800-422-4453</a>' in linked
    assert str(link_phones("room 9881 and 98-988")) == "room 9881 and 98-988"


@pytest.mark.parametrize("path", ["//a", "https://a", "/\\a", "", "/sign-in"])
def test_a_foreign_way_on_leads_home(path: str) -> None:
    assert safe_next(path) == "/"


def test_the_address_of_a_file_follows_its_content() -> None:
    assert static("chat.js").startswith("/static/chat.js?v=")
    with pytest.raises(FileNotFoundError):
        static("no-such-file.js")


def test_quick_answers_come_last_and_once_each() -> None:
    button = {"title": "Go on", "payload": "button:1"}
    other = {"title": "Stop", "payload": "button:2"}
    replies = (
        {"text": "one", "buttons": [button]},
        {"text": "two", "buttons": [{**button, "payload": "button:3"}, other]},
    )
    message = Message(
        id="1",
        client_message_id="1",
        conversation_id="1",
        place=1,
        text="hello",
        intent=None,
        status="answered",
        safety="none",
        replies=replies,
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    first, last = shown_replies(message)
    assert first["buttons"] == []
    assert [one["title"] for one in last["buttons"]] == ["Go on", "Stop"]
