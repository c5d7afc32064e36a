"""No service keeps anything of a student who is held back (trust P7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from little_school import LittleSchool, fill_record
from test_services_access import BY_ROLE, ON_A_STUDENTS_IDS, Rule, label

from pathways.domain.consent import Gate
from pathways.services.errors import ConsentNeeded, Invalid

# Help, and the student's own data: seen, corrected, deleted.
STILL_OPEN = {
    "alerts.ask_for",
    "alerts.ask_for_person",
    "conversation.hold",  # a turn that was stored before goes to its end
    "conversation.messages",
    "consents.choose",
    "consents.own",
    "data_copy.copy_of",
    "data_copy.kept",
    "data_requests.ask",
    "data_requests.own_requests",
    "data_requests.withdraw",
    "features.off_for",  # what the school has switched on, nothing of theirs
    "features.require_on",
    "looks.list_looks",
    "members.circle",
    "sessions.end_session",
    "summaries.list_summaries",
    "summaries.take_back",
}
RULES: dict[Callable[..., Any], Rule] = {**ON_A_STUDENTS_IDS, **BY_ROLE}
STUDENTS = [one for one, rule in RULES.items() if "student" in rule.may]


@pytest.mark.parametrize("service", STUDENTS, ids=label)
def test_a_service_is_shut_to_who_is_held_back(
    service: Callable[..., Any], little: LittleSchool
) -> None:
    record = fill_record(little, "student")
    held_back = replace(little["student"], gate=Gate.WITHDRAWN)
    call = RULES[service].call
    if label(service) not in STILL_OPEN:
        with pytest.raises(ConsentNeeded):
            call(little, held_back, record)
        return
    try:
        call(little, held_back, record)
    except Invalid:
        assert label(service) == "summaries.take_back"


def test_the_list_of_what_stays_open_names_services_alone() -> None:
    assert {*STILL_OPEN} <= {label(one) for one in STUDENTS}
