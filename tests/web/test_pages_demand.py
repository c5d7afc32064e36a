"""The counselor's page of what students did not find (A4)."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from pathways.domain.unmet import Kind
from pathways.services import demand
from pathways.services.access import actor_of

Enter = Callable[[str], str]


def ask(pages: TestClient, words: str) -> None:
    milepost = pages.app.state.milepost
    with milepost.work() as work:
        person = work.people.by_username("maya")
        assert person is not None
        actor = actor_of(person)
    demand.note_unmet(milepost, actor, Kind.CAREER, words)


def test_words_are_shown_with_their_number_and_without_names(
    pages: TestClient, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("bell")
    assert "Nothing yet" in pages.get("/catalog/asked-for").text
    ask(pages, "<b>lion tamer")
    hidden = pages.get("/catalog/asked-for").text
    assert "lion tamer" not in hidden
    assert "1 more came from fewer than 3 students" in hidden
    monkeypatch.setattr(demand, "FEWEST_STUDENTS", 1)
    shown = pages.get("/catalog/asked-for").text
    assert "lion tamer" in shown
    assert "Maya" not in shown
    assert 'href="/catalog/asked-for"' in pages.get("/catalog").text
