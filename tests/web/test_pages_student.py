"""What a student's own pages say, and what happens to a form that can't be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from house import START

from pathways.app import Milepost
from pathways.services import (
    careers,
    experiences,
    goal_changes,
    goals,
    reminders,
    talks,
)
from pathways.services.access import Actor, actor_of
from pathways.services.goals import GoalView

TODAY = START.date()
Enter = Callable[[str], str]


def product(pages: TestClient) -> Milepost:
    found: Milepost = pages.app.state.milepost
    return found


def maya(pages: TestClient) -> Actor:
    with product(pages).work() as work:
        person = work.people.by_username("maya")
        assert person is not None
        return actor_of(person)


def with_goal(pages: TestClient) -> GoalView:
    return goals.save_goal(
        product(pages),
        maya(pages),
        {
            "what": "Finish five labs",
            "measure": "All five are marked",
            "why": "I like animals",
            "confidence": "7",
            "due": (TODAY + timedelta(days=27)).isoformat(),
            "first_step": "Ask for the list",
            "plan": "If I am tired, I do one before dinner",
        },
    )


def form_of(goal: GoalView, **changed: str) -> dict[str, str]:
    parts = {name: str(getattr(goal, name)) for name in goal_changes.PARTS}
    return {**parts, "seen": "0", **changed}


def test_a_student_starts_at_home_and_is_invited_while_there_is_nothing(
    pages: TestClient, enter: Enter
) -> None:
    enter("maya")
    assert pages.get("/").headers["location"] == "/home"
    page = pages.get("/home").text
    for words in (
        "My next step",
        "Pick one thing to work on",
        "What is coming up",
        "No dates yet",
        "What could I do?",
        "Why this fits",
        "Start my check-in",
    ):
        assert words in page, words


def test_home_shows_the_next_step_and_days_in_order(
    pages: TestClient, enter: Enter
) -> None:
    with_goal(pages)
    day = TODAY + timedelta(days=3)
    reminders.set_reminder(product(pages), maya(pages), "Bring the lab book", day)
    enter("maya")
    page = pages.get("/home").text
    assert "Ask for the list" in page and "Planned for" in page
    assert page.index("Bring the lab book") < page.index("Goal day")
    assert page.count("Ask for the list") == 1


def test_the_one_idea_gives_way_to_another_when_it_is_turned_down(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")

    def idea() -> str:
        return pages.get("/home").text.split('name="option" value="')[1].split('"')[0]

    first = idea()
    data = {"csrf": token, "option": first, "decision": "dismissed"}
    answer = pages.post("/home/idea", data=data)
    assert answer.headers["location"] == "/home?done=passed#could"
    assert idea() != first
    assert first in pages.get("/options?mine=dismissed").text


def test_looking_at_options_leaves_no_suggestion_behind(
    pages: TestClient, enter: Enter
) -> None:
    enter("maya")
    for path in ("/home", "/options", "/options?kind=course", "/options/MTH-ALG1"):
        assert pages.get(path).status_code == 200
    with product(pages).work() as work:
        who = maya(pages)
        assert work.records.last_suggestion(who.school_id, who.id) is None


def test_a_goal_is_changed_and_the_history_says_what_it_was(
    pages: TestClient, enter: Enter
) -> None:
    goal, token = with_goal(pages), enter("maya")
    later = goal.due + timedelta(days=2)
    words = "I want to be a vet"
    sent = form_of(goal, why=words, due=later.isoformat(), csrf=token)
    answer = pages.post(f"/goals/{goal.id}", data=sent)
    assert answer.headers["location"] == f"/goals/{goal.id}?done=changed"
    page = pages.get(f"/goals/{goal.id}").text
    history = page.split("What changed when")[1]
    assert "<q>I like animals</q>" in history
    assert "<q>I want to be a vet</q>" in history
    for day in (goal.due, later):
        assert f"<q>{day:%b} {day.day}, {day.year}</q>" in history
    story = goal_changes.goal_story(product(pages), maya(pages), goal.id)
    assert {one.part for one in story.changes} == {"why", "due"}


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("measure", "  ", "Write a few words here."),
        ("why", "x" * 501, "Use 500 letters at most."),
        ("due", "2026-02-31", "Pick a day from today on."),
        ("due", "2020-01-01", "Pick a day from today on."),
        ("review", "2028-01-01", "Pick a day before the goal day."),
    ],
)
def test_a_mistake_in_a_goal_stands_by_its_field_and_nothing_is_lost(
    pages: TestClient, enter: Enter, part: str, text: str, words: str
) -> None:
    goal, token = with_goal(pages), enter("maya")
    sent = form_of(goal, first_step="My new first step", csrf=token) | {part: text}
    answer = pages.post(f"/goals/{goal.id}", data=sent)
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{part}-wrong">{words}</p>' in answer.text
    assert "My new first step" in answer.text
    assert goal_changes.goal_story(product(pages), maya(pages), goal.id).changes == ()


def test_a_stale_change_of_a_goal_shows_both_and_lets_the_student_choose(
    pages: TestClient, enter: Enter
) -> None:
    goal, token = with_goal(pages), enter("maya")
    who = maya(pages)
    goal_changes.revise(product(pages), who, goal.id, {"why": "Told in the chat"})
    sent = form_of(goal, why="Typed on the page", csrf=token)
    answer = pages.post(f"/goals/{goal.id}", data=sent)
    assert answer.status_code == 409
    assert ">Typed on the page</textarea>" in answer.text
    stored = answer.text.split('id="why-now">')[1].split("</p>")[0]
    assert "Stored now:" in stored and "Told in the chat" in stored
    assert "Keep what is stored" in answer.text
    assert "Save my words instead" in answer.text
    again = pages.post(f"/goals/{goal.id}", data={**sent, "seen": "1"})
    assert again.status_code == 303
    story = goal_changes.goal_story(product(pages), who, goal.id)
    assert story.goal.why == "Typed on the page"
    assert [one.before for one in story.changes if one.part == "why"] == [
        "Told in the chat",
        "I like animals",
    ]


def test_letting_go_of_a_goal_is_undone_with_one_press(
    pages: TestClient, enter: Enter
) -> None:
    goal, token = with_goal(pages), enter("maya")
    answer = pages.post(
        f"/goals/{goal.id}/status", data={"csrf": token, "status": "dropped"}
    )
    page = pages.get(answer.headers["location"]).text
    note = page.split('<div class="note row" role="status">')[1].split("</div>")[0]
    assert "Undo" in note and f'action="/goals/{goal.id}/status"' in note
    pages.post(f"/goals/{goal.id}/status", data={"csrf": token, "status": "active"})
    story = goal_changes.goal_story(product(pages), maya(pages), goal.id)
    assert story.goal.status == "active"
    assert [one.after for one in story.changes] == ["active", "dropped"]


def test_the_same_words_sent_twice_are_kept_once(
    pages: TestClient, enter: Enter
) -> None:
    goal, token = with_goal(pages), enter("maya")
    data = {"csrf": token, "text": "Two labs are done"}
    for _ in range(2):
        assert pages.post(f"/goals/{goal.id}/progress", data=data).status_code == 303
    day = (TODAY + timedelta(days=3)).isoformat()
    for _ in range(2):
        sent = {"csrf": token, "text": "Bring the book", "day": day}
        assert pages.post("/reminders", data=sent).status_code == 303
    hours = {"what": "Walked dogs", "hours": "2", "first_day": "2026-11-14"}
    for _ in range(2):
        sent = {**hours, "csrf": token, "sort": "service"}
        assert pages.post("/experiences", data=sent).status_code == 303
    assert experiences.ledger(product(pages), maya(pages)).hours == 2
    who = maya(pages)
    (kept,) = goals.active_goals(product(pages), who)
    assert len(kept.progress) == 1
    assert len(reminders.list_reminders(product(pages), who)) == 1


@pytest.mark.parametrize(
    ("text", "day", "field"),
    [
        ("", "2026-12-01", "text"),
        ("Bring it", "soon", "day"),
        ("Bring it", "2020-01-01", "day"),
    ],
)
def test_a_reminder_that_can_not_be_set_says_why_by_its_field(
    pages: TestClient, enter: Enter, text: str, day: str, field: str
) -> None:
    token = enter("maya")
    answer = pages.post("/reminders", data={"csrf": token, "text": text, "day": day})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert f'value="{day}"' in answer.text and f'value="{text}"' in answer.text


def test_a_full_week_is_said_and_a_reminder_is_stopped(
    pages: TestClient, enter: Enter
) -> None:
    token, who = enter("maya"), maya(pages)
    for number in range(3):
        day = TODAY + timedelta(days=number + 2)
        reminders.set_reminder(product(pages), who, f"Thing {number}", day)
    sent = {"csrf": token, "text": "One more", "day": "2026-11-25"}
    assert "has its reminders already" in pages.post("/reminders", data=sent).text
    first = reminders.list_reminders(product(pages), who)[0]
    pages.post(f"/reminders/{first.id}/stop", data={"csrf": token})
    assert first.text not in pages.get("/reminders").text


def test_supports_change_how_every_page_is_drawn_and_stay_apart_from_the_chat(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    assert '<html lang="en">' in pages.get("/home").text
    sent = {"csrf": token, "support": ["large_text"], "look": ["less_motion"]}
    assert pages.post("/supports", data=sent).status_code == 303
    assert '<html lang="en" class="large_text less_motion">' in pages.get("/plan").text
    refused = pages.post("/supports", data={"csrf": token, "support": "gold"})
    assert refused.status_code == 422


def test_reflections_are_shown_with_their_lock_to_the_student_alone(
    pages: TestClient, enter: Enter
) -> None:
    said = {"what": "My group fell apart.", "so_what": "", "action": "Ask first."}
    talks.save_talk(product(pages), maya(pages), "reflection", "what", said)
    enter("maya")
    page = pages.get("/reflections").text
    assert "My group fell apart." in page and "icons.svg" in page
    assert "Private" in page.split("My group fell apart.")[0]
    for other in ("ortiz", "maya.family", "bell", "admin"):
        enter(other)
        assert pages.get("/reflections").status_code == 404


def test_the_search_finds_own_words_and_the_coachs_and_leads_to_the_turn(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    for number, text in enumerate(("five biology labs", "hello <b>coach</b>")):
        data = {
            "csrf": token,
            "client_message_id": f"6f1c2a34-8f0e-4b3e-9d0a-3d1a4f0f7c1{number}",
            "text": text,
        }
        assert pages.post("/chat/messages", data=data).status_code == 303

    def found(words: str) -> str:
        return pages.post("/chat/search", data={"csrf": token, "q": words}).text

    page = found("Biology")
    assert "<mark>biology</mark>" in page and "/chat?around=1#turn-1" in page
    assert "Found: 1" in page
    assert "&lt;b&gt;" in found("<b>coach")
    assert "Nothing found" in found("zebra")


def test_options_are_filtered_by_the_address(pages: TestClient, enter: Enter) -> None:
    careers.tell_interest(product(pages), maya(pages), ["animals"])
    enter("maya")
    whole = pages.get("/options").text
    assert "You told me you like: animals." in whole and "Why this fits" in whole
    courses = pages.get("/options?kind=course").text
    assert '<option value="course" selected>' in courses
    cards = [part.split("</p>")[0] for part in courses.split('<p class="over">')[1:]]
    assert cards and all("<span>Course</span>" in one for one in cards)
    nothing = pages.get("/options?q=zzzz&kind=nonsense&when=never").text
    assert "Nothing fits these filters" in nothing
    online = pages.get("/options?place=online").text
    assert online.count('<article class="card"') >= 1


def test_one_option_says_why_why_not_and_what_if(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    closed = pages.get("/options/CTE-VET").text
    assert "Why not yet?" in closed and "What opens it" in closed
    assert "Nothing is saved" in closed
    looked = pages.get("/options/CTE-VET?what=if").text
    assert "This is a look ahead. Nothing was saved." in looked
    saved = {"csrf": token, "option": "CTE-VET", "decision": "saved"}
    answer = pages.post("/options", data=saved)
    assert answer.headers["location"] == "/options/CTE-VET?done=saved"
    assert "Take it off" in pages.get("/options/CTE-VET").text
    assert pages.get("/options/NO-SUCH").status_code == 404


def test_a_pathway_shows_its_steps_and_what_they_open(
    pages: TestClient, enter: Enter
) -> None:
    careers.aim_for(product(pages), maya(pages), ["veterinarian"])
    enter("maya")
    page = pages.get("/pathway").text
    assert "You aim here" in page and '<svg class="pathmap"' in page
    assert "Veterinary Science" in page and "Opens: " in page
    assert page.count('class="node ') == page.count("<li class=") >= 4
    assert pages.get("/pathway?code=NO-SUCH").status_code == 404


def test_the_profile_has_a_table_with_date_and_source_beside_each_picture(
    pages: TestClient, enter: Enter
) -> None:
    enter("maya")
    page = pages.get("/profile").text
    assert page.count('role="img"') == page.count("<desc ") >= 3
    table = page.split("<caption>What I know</caption>")[1].split("</table>")[0]
    assert "Canvas" in table and "2026" in table
    for order in ("subject", "strongest", "newest"):
        assert pages.get(f"/profile?order={order}").status_code == 200
    assert pages.get("/profile?order=best").status_code == 422


def test_an_ended_session_leads_back_to_the_same_place(pages: TestClient) -> None:
    asked = pages.get("/options?kind=course&q=a b")
    assert asked.headers["location"] == (
        "/sign-in?next=/options%3Fkind%3Dcourse%26q%3Da%2520b"
    )
    page = "http://127.0.0.1/reminders"
    sent = pages.post("/reminders", data={"text": "x"}, headers={"referer": page})
    assert sent.status_code in (303, 403)
    if sent.status_code == 303:
        assert sent.headers["location"] == "/sign-in?next=/reminders"
    strange = {"referer": "https://evil.example/reminders"}
    away = pages.post("/reminders", data={"text": "x"}, headers=strange)
    assert "evil" not in away.headers.get("location", "")


def test_what_is_installed_holds_no_data_and_the_style_guide_is_local_only(
    pages: TestClient, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("maya")
    offline = pages.get("/offline").text
    assert "You are offline" in offline and "Maya" not in offline
    worker = pages.get("/worker.js")
    assert worker.headers["service-worker-allowed"] == "/"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert '"plan"' in worker.text and "/chat" not in worker.text
    manifest = pages.get("/static/milepost.webmanifest").json()
    for icon in manifest["icons"]:
        assert pages.get(icon["src"]).status_code == 200
    assert pages.get("/styleguide").status_code == 200
    settings = product(pages).settings.model_copy(update={"mode": "school"})
    monkeypatch.setattr(pages.app.state, "milepost", _with(product(pages), settings))
    assert pages.get("/styleguide").status_code == 404


def _with(milepost: Milepost, settings: object) -> Milepost:
    return replace(milepost, settings=settings)  # type: ignore[arg-type]
