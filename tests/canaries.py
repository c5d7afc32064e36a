"""A student who types a canary of its own into every place that takes words."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from databases import file_behind
from little_school import (
    HOURS,
    LittleSchool,
    Record,
    add_result,
    returned_plan,
    wished,
)

from pathways.services import (
    alerts,
    careers,
    checkins,
    credit_plans,
    data_requests,
    drafts,
    experience_links,
    experiences,
    goal_changes,
    goals,
    incidents,
    meetings,
    notices,
    options,
    reminders,
    sessions,
    summaries,
    talks,
    transcripts,
)


@dataclass
class Canaries:
    """Strings that stand nowhere else; `taken` says where each was typed."""

    taken: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: str) -> str:
        word = f"zqcanary{len(self.taken):03}xv"
        self.taken[word] = place
        return f"{word} words"

    def found_in(self, content: str | bytes) -> dict[str, str]:
        """Return the canaries that stand in a text, with their places."""
        text = content if isinstance(content, bytes) else content.encode()
        return {
            word: place for word, place in self.taken.items() if word.encode() in text
        }


def type_everywhere(school: LittleSchool, name: str) -> Canaries:
    """Let a student type a canary into every place that takes words."""
    c, milepost, actor = Canaries(), school.milepost, school[name]
    today = school.clock().date()
    for number in range(12):
        school.say(name, c(f"message {number}"), {"text": c(f"echo {number}")})
    goal = goals.save_goal(
        milepost,
        actor,
        {
            "what": f"Finish {c('goal.what')}",
            "measure": c("goal.measure"),
            "why": c("goal.why"),
            "confidence": "8",
            "due": (today + timedelta(days=20)).isoformat(),
            "first_step": c("goal.first_step"),
            "obstacle": c("goal.obstacle"),
            "plan": c("goal.plan"),
        },
    )
    goals.report_progress(milepost, actor, goal.id, c("goal_progress"))
    goal_changes.revise(milepost, actor, goal.id, {"why": c("goal_change.after")})
    answers = {one: c(f"checkin.{one}") for one in ("win", "obstacle", "next_step")}
    checkins.save_checkin(milepost, actor, {"mood": "4", **answers})
    drafts.save_answers(milepost, actor, "goal_setting", {"what": c("draft")})
    answers = {one: c(f"reflection.{one}") for one in ("what", "so_what", "action")}
    talks.save_talk(milepost, actor, "reflection", "what", answers)
    reminders.set_reminder(milepost, actor, c("reminder"), today + timedelta(days=9))
    careers.tell_interest(milepost, actor, [c("interest")])
    options.suggest(milepost, actor)
    add_result(school, name, "SCI.ANAT", 3)
    school.noted(name, c("noted"), "interest", words=c("note value"))
    draft = summaries.draft_summary(milepost, actor)
    assert draft is not None
    summaries.edit_line(
        milepost, actor, draft.id, draft.lines[0].id, c("summary_line.text")
    )
    entry = experiences.log(
        milepost,
        actor,
        {
            "what": c("experience.what"),
            "hours": "6",
            "first_day": "2026-11-14",
            "place": c("experience.place"),
            "mentor": c("experience.mentor"),
            "evidence": c("experience.evidence"),
        },
    ).id
    path, _ = experience_links.mentor_link(milepost, actor, entry)
    link = path.removeprefix("/confirm#")
    experience_links.answer_link(
        milepost, link, True, c("experience.answered_by"), c("experience.answer")
    )
    plan = credit_plans.draft(milepost, actor, option="CFO-INT-VET")
    fields = ("content", "activities", "how_grade_is_set", "if_unfinished_or_failing")
    credit_plans.save_fields(
        milepost, actor, plan.id, {one: c(f"credit_plan.{one}") for one in fields}
    )
    data_requests.ask(milepost, actor, "correction", "Goals", c("data_request.words"))
    asked = data_requests.own_requests(milepost, actor)[0]
    data_requests.settle(
        milepost, school["counselor"], asked.id, "answer", c("data_request.answer")
    )
    alert = school.alert(name)
    notices.write_due(milepost, alert)
    alerts.acknowledge(milepost, school["counselor"], alert)
    incidents.decide(
        milepost, school["counselor"], alert, "talked", c("incident.reason")
    )
    sessions.end_all_of(milepost, school["admin"], actor.id)
    agreed, kept = c("meeting.agreed"), c("meeting.note")
    advisor = school[name.replace("student", "advisor")]
    meetings.note_meeting(milepost, advisor, actor.id, agreed, kept)
    transcripts.open_chat(
        milepost, school["counselor"], actor.id, c("access_log.reason")
    )
    while len(c.taken) < 62:
        school.say(name, c("message"), {"text": "Ok."})
    fill_tracker(school, name, [f"{one} words" for one in c.taken])
    return c


def record_of(school: LittleSchool, name: str) -> Record:
    """Return ids of what a student with canaries has, and make what is lacking."""
    milepost, actor = school.milepost, school[name]
    turn = school.noted(name, "I like animals", "interest", words="animals")
    draft = summaries.draft_summary(milepost, actor)
    assert draft is not None
    entry = experiences.log(milepost, actor, HOURS).id
    path, _ = experience_links.mentor_link(milepost, actor, entry)
    return Record(
        student_id=actor.id,
        goal_id=next((one.id for one in goals.active_goals(milepost, actor)), ""),
        turn_id=turn,
        summary_id=draft.id,
        line_id=draft.lines[0].id,
        alert_id=school.alert(name),
        option_id=options.suggest(milepost, actor).items[0].id,
        plan_id=returned_plan(school, name),
        experience_id=entry,
        link=path.removeprefix("/confirm#"),
        request_id=wished(school, name),
    )


def fill_tracker(school: LittleSchool, name: str, texts: list[str]) -> str:
    """Write what Rasa's tracker store would hold; return the conversation's id."""
    actor = school[name]
    with school.milepost.work() as work:
        talk = work.conversations.of_student(actor.school_id, actor.id)
        assert talk is not None
    path = tracker_file(school)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, "
            "sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL, "
            "timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), "
            "data TEXT)"
        )
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp, data) "
            "VALUES (?, 'user', ?, ?)",
            [(talk.id, time.time(), json.dumps({"text": one})) for one in texts],
        )
        connection.commit()
    return talk.id


def tracker_file(school: LittleSchool) -> Path:
    return Path(school.milepost.settings.tracker_url.removeprefix("sqlite:///"))


def database_bytes(school: LittleSchool) -> Iterator[tuple[str, bytes]]:
    """Yield every file of both databases, write-ahead logs included."""
    url = school.milepost.settings.database_url
    main = file_behind(url)
    for file in (main, tracker_file(school)):
        for one in sorted(file.parent.glob(f"{file.name}*")):
            yield one.name, one.read_bytes()
