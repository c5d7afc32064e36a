"""A turn as a stream of events, and as a plain form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fake_rasa import FakeRasa
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

ONE = "6f1c2a34-8f0e-4b3e-9d0a-3d1a4f0f7c11"
TWO = "0d7a3c0e-3c0e-4a57-8a53-2f6d1f6f9b22"
Enter = Callable[[str], str]


def events(pages: TestClient, token: str, text: str, client_id: str = ONE) -> Any:
    """Say something as the page's script does; return [(event, data)]."""
    answer = pages.post(
        "/chat/messages",
        data={"csrf": token, "client_message_id": client_id, "text": text},
        headers={"accept": "text/event-stream"},
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    blocks = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    return [
        (lines[0].removeprefix("event: "), "\n".join(one[6:] for one in lines[1:]))
        for lines in blocks
    ]


def test_a_turn_is_streamed_in_order(pages: TestClient, enter: Enter) -> None:
    found = events(pages, enter("maya"), "hello")
    assert [name for name, _ in found] == ["stored", "typing", "reply", "reply", "done"]
    assert 'id="turn-1"' in found[0][1] and "hello" in found[0][1]
    assert "Good to hear from you." in found[2][1]
    assert "What would you like to do today?" in found[3][1]


def test_the_same_id_gives_the_same_turn(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    token = enter("maya")
    first, second = (events(pages, token, "hello") for _ in range(2))
    assert [name for name, _ in first] == [name for name, _ in second]
    assert len(rasa.turns) == 1
    assert pages.get("/chat").text.count('<article class="turn') == 1


def test_a_failure_offers_the_same_message_again(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    token = enter("maya")
    rasa.away = True
    found = events(pages, token, "hello")
    assert [name for name, _ in found] == ["stored", "typing", "failed"]
    assert f'name="client_message_id" value="{ONE}"' in found[-1][1]
    page = pages.get("/chat").text
    assert f'name="client_message_id" value="{ONE}"' in page
    rasa.away = False
    assert events(pages, token, "hello")[-1][0] == "done"


def test_what_was_typed_is_escaped(pages: TestClient, enter: Enter) -> None:
    found = events(pages, enter("maya"), "<b>bold</b>\n\nevent: done\n\n")
    assert "&lt;b&gt;bold&lt;/b&gt;" in found[0][1]
    assert [name for name, _ in found].count("done") == 1


def test_a_crisis_reply_is_marked_and_its_numbers_are_links(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    rasa.away = True
    found = events(pages, enter("maya"), "I want to kill myself")
    (reply,) = [data for name, data in found if name == "reply"]
    assert 'class="reply crisis" role="alert"' in reply
    for link in ('href="tel:988"', 'href="tel:911"', 'href="sms:741741"'):
        assert link in reply


def test_a_message_that_can_not_be_used_is_refused_in_a_sentence(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    for text, words in (("  ", "write something"), ("x" * 2001, "too long")):
        answer = pages.post(
            "/chat/messages",
            data={"csrf": token, "client_message_id": ONE, "text": text},
            headers={"accept": "text/event-stream"},
        )
        assert answer.status_code == 422
        assert words in answer.text and "<" not in answer.text
    answer = pages.post(
        "/chat/messages",
        data={"csrf": token, "client_message_id": "mine", "text": "hello"},
        headers={"accept": "text/event-stream"},
    )
    assert answer.status_code == 422


def test_with_the_database_away_help_still_comes(
    pages: TestClient, enter: Enter, monkeypatch: Any
) -> None:
    token = enter("maya")

    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("pathways.services.conversation.receive", away)
    ((name, data),) = events(pages, token, "I want to kill myself")
    assert name == "unsaved" and 'href="tel:988"' in data and 'role="alert"' in data
    ((name, data),) = events(pages, token, "hello", TWO)
    assert name == "unsaved" and "not save" in data and "988" not in data
    plain = pages.post(
        "/chat/messages",
        data={"csrf": token, "client_message_id": TWO, "text": "I want to die"},
    )
    assert plain.status_code == 503
    assert 'href="tel:988"' in plain.text


def test_without_scripts_a_turn_ends_on_the_page(
    pages: TestClient, enter: Enter
) -> None:
    data = {"csrf": enter("maya"), "client_message_id": ONE, "text": "hello"}
    answer = pages.post("/chat/messages", data=data)
    assert answer.status_code == 303 and answer.headers["location"] == "/chat#end"
    assert "Good to hear from you." in pages.get("/chat").text


def test_earlier_messages_and_a_place_can_be_reached(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    for n in range(53):
        events(pages, token, f"hello {n}", f"6f1c2a34-8f0e-4b3e-9d0a-{n:012d}")
    page = pages.get("/chat").text
    places = [int(place) for place in re.findall(r'id="turn-(\d+)"', page)]
    assert places == list(range(4, 54))
    assert "/chat?before=4" in page
    earlier = pages.get("/chat?before=4").text
    assert re.findall(r'id="turn-(\d+)"', earlier) == ["1", "2", "3"]
    assert "looking at earlier messages" in earlier
    around = pages.get("/chat?around=2").text
    assert 'class="turn found" id="turn-2"' in around


@pytest.mark.parametrize("query", ["before=0", "before=x", f"around={10**30}"])
def test_a_place_that_cannot_be_is_refused_plainly(
    pages: TestClient, enter: Enter, query: str
) -> None:
    enter("maya")
    assert pages.get(f"/chat?{query}").status_code == 422


def test_only_the_newest_turn_keeps_its_quick_answers(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    events(pages, token, "hello", ONE)
    events(pages, token, "hello again", TWO)
    assert pages.get("/chat").text.count('class="chips"') == 1


def test_no_address_holds_words_of_a_student(pages: TestClient, enter: Enter) -> None:
    token = enter("maya")
    events(pages, token, "finish five biology labs")
    for path in ("/chat", "/summaries", "/plan"):
        page = pages.get(path).text
        for address in re.findall(r'(?:href|action)="([^"]*)"', page):
            assert "biology" not in address.lower()
