"""Two small schools on a throwaway database, with everybody who has a role."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from databases import copy_database, url_in
from live import HASH, START, Clock

from pathways.app import Milepost, build
from pathways.demo.generate import STARTER
from pathways.domain.catalog import Catalog, catalog_of
from pathways.formats.catalog_csv import read_folder
from pathways.services import catalog as catalogs
from pathways.services import (
    conversation,
    credit_plans,
    data_requests,
    drafts,
    experience_links,
    experiences,
    goals,
    options,
    reminders,
    sessions,
    summaries,
    talks,
)
from pathways.services.access import Actor, actor_of
from pathways.services.alerts import add_alert
from pathways.services.checkins import save_checkin
from pathways.services.sign_in import open_session
from pathways.settings import Settings
from pathways.store.migrate import upgrade
from pathways.store.models import ImportRun, MasteryResult, Person, Relation, School

ANSWERS = {
    "what": "Finish five biology labs",
    "measure": "five labs handed in",
    "why": "I want to take anatomy",
    "confidence": "8",
    "due": "2026-12-18",
    "first_step": "Ask for the lab list",
}
REFLECTED = {"what": "My lab failed", "so_what": "", "action": "Ask for help"}
PEOPLE = {
    "student": ("student", 10, "north"),
    "other_student": ("student", 11, "north"),
    "advisor": ("advisor", None, "north"),
    "other_advisor": ("advisor", None, "north"),
    "counselor": ("counselor", None, "north"),
    "safety_lead": ("safety_lead", None, "north"),
    "family": ("family", None, "north"),
    "other_family": ("family", None, "north"),
    "admin": ("admin", None, "north"),
    "far_student": ("student", 10, "south"),
    "far_advisor": ("advisor", None, "south"),
    "far_counselor": ("counselor", None, "south"),
    "far_admin": ("admin", None, "south"),
}
TIES = (
    ("advisor", "student"),
    ("family", "student"),
    ("other_advisor", "other_student"),
    ("other_family", "other_student"),
    ("far_advisor", "far_student"),
)


READ: dict[tuple[str, int], Catalog] = {}


@dataclass
class LittleSchool:
    """The product, its clock, and people by what they are to the first student."""

    milepost: Milepost
    clock: Clock
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def say(self, name: str, text: str, *replies: dict[str, Any]) -> str:
        """Store a message and its answer without an assistant; return its id."""
        actor = self[name]
        message = conversation.receive(self.milepost, actor, str(uuid.uuid4()), text)
        conversation.answer(self.milepost, actor, message, replies or [{"text": "Ok."}])
        return message.id

    def noted(self, name: str, text: str, topic: str, **values: str) -> str:
        """Say something of which the coach keeps a note."""
        note = {"topic": topic, "values": values}
        return self.say(name, text, {"text": "Got it.", "notes": [note]})

    def alert(self, name: str, category: str = "self_harm") -> str:
        """Raise an alert about a student; return its id."""
        with self.milepost.work() as work:
            row = add_alert(work, self[name], category, "test", None, self.clock())
            work.commit()
            return row.id


def settings_in(folder: Path, **more: Any) -> Settings:
    """Return settings that keep everything in a folder."""
    return Settings(
        **{
            "database_url": url_in(folder),
            "var_dir": folder / "var",
            "gazetteer_path": folder / "var" / "gazetteer.json",
            "tracker_url": f"sqlite:///{folder}/rasa.db",
            "demo_password": "river-stone-and-moss",
            "channel_secret": "kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
            "action_token": "Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
            "session_secret": "Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
            "log_level": "ERROR",
            "now": START,
            **more,
        }
    )


def build_template(folder: Path) -> Path:
    """Make the database of the two schools once; tests work on copies."""
    settings = settings_in(folder)
    upgrade(settings.database_url)
    milepost = build(settings, Clock())
    entries = [one.entry for one in read_folder(STARTER).placed]
    with milepost.work() as work:
        schools = {name: work.people.add(_school(name)) for name in ("north", "south")}
        work.people.flush()
        for name, (role, grade, place) in PEOPLE.items():
            work.people.add(_person(name, role, grade, schools[place].id))
        work.people.flush()
        for adult, student in TIES:
            work.people.add(_tie(work, adult, student))
        work.commit()
        for school in schools.values():
            number = catalogs.publish(
                milepost, work, school.id, entries, "Starter", None
            )
            READ[school.id, number] = catalog_of(number, entries)
    milepost.engine.dispose()
    return folder


def _school(code: str) -> School:
    return School(
        code=code,
        name=code.title(),
        state="OH",
        timezone="America/New_York",
        language="en",
        safety_adult="Ms. Rivera, the school counselor",
    )


def _person(name: str, role: str, grade: int | None, school_id: str) -> Person:
    return Person(
        school_id=school_id,
        role=role,
        username=name,
        source_id=name,
        given_name=name.title().replace("_", " "),
        family_name="Test",
        language="en",
        grade=grade,
        born=date(2010, 11, 20) if grade else None,
        password_hash=HASH,
        active=True,
    )


def _tie(work: Any, adult: str, student: str) -> Relation:
    one, other = work.people.by_username(adult), work.people.by_username(student)
    return Relation(school_id=one.school_id, adult_id=one.id, student_id=other.id)


def open_school(template: Path, folder: Path, **more: Any) -> LittleSchool:
    """Open a copy of the schools in a folder of its own."""
    copy_database(template, folder)
    clock = Clock()
    found = LittleSchool(build(settings_in(folder, **more), clock), clock)
    found.milepost.catalogs._kept.update(READ)
    with found.milepost.work() as work:
        for name in PEOPLE:
            person = work.people.by_username(name)
            assert person is not None
            found.people[name] = actor_of(person)
    return found


@dataclass(frozen=True)
class Record:
    """Ids of everything that one student has."""

    student_id: str
    goal_id: str
    turn_id: str
    summary_id: str
    line_id: str
    alert_id: str
    option_id: str
    plan_id: str
    experience_id: str
    link: str
    talk_id: str = ""
    reminder_id: str = ""
    request_id: str = ""
    run: str = ""
    session_id: str = ""


@dataclass(frozen=True)
class Filled:
    """A folder with the schools, a student's record in it, and when that was made."""

    folder: Path
    record: Record
    now: datetime


def build_filled(template: Path, folder: Path) -> Filled:
    """Give the first student of the schools one of everything, once for many tests."""
    school = open_school(template, folder)
    record = fill_record(school, "student")
    school.milepost.engine.dispose()
    return Filled(folder, record, school.clock.now)


def open_filled(filled: Filled, folder: Path) -> LittleSchool:
    """Open a copy of the schools with the record, in a folder of its own."""
    shutil.copytree(filled.folder / "var", folder / "var")
    school = open_school(filled.folder, folder)
    school.clock.now = filled.now
    return school


def fill_record(school: LittleSchool, name: str) -> Record:
    """Give a student one of everything; return the ids."""
    actor, milepost = school[name], school.milepost
    goal = goals.save_goal(milepost, actor, ANSWERS)
    save_checkin(milepost, actor, {"mood": "4", "win": "passed", "next_step": "read"})
    drafts.save_answers(milepost, actor, "goal_setting", {"what": "read more"})
    option = options.suggest(milepost, actor).items[0].id
    options.decide(milepost, actor, option, options.SAVED)
    run = add_result(school, name, "SCI.ANAT", 3)
    turn_id = school.noted(name, "I like animals", "interest", words="animals")
    draft = summaries.draft_summary(milepost, actor)
    assert draft is not None
    entry = experiences.log(milepost, actor, HOURS).id
    path, _ = experience_links.mentor_link(milepost, actor, entry)
    return Record(
        actor.id,
        goal.id,
        turn_id,
        draft.id,
        draft.lines[0].id,
        school.alert(name),
        option,
        returned_plan(school, name),
        entry,
        path.removeprefix("/confirm#"),
        talks.save_talk(milepost, actor, "reflection", "what", REFLECTED).id,
        reminders.set_reminder(milepost, actor, "the labs", date(2026, 11, 29)).id,
        wished(school, name),
        run,
        session_id=shown_session(school, name),
    )


def wished(school: LittleSchool, name: str) -> str:
    """Let a student ask for a correction; return the request's id."""
    data_requests.ask(school.milepost, school[name], "correction", "Goals", "Wrong day")
    return data_requests.own_requests(school.milepost, school[name])[0].id


def session_of(milepost: Milepost, person_id: str) -> str:
    """Open a session for somebody, without a password; return its secret."""
    with milepost.work() as work:
        person = work.people.by_id(person_id)
        assert person is not None
        secret = open_session(
            work, person, milepost.clock(), "password", "Firefox, Linux"
        )
        work.commit()
        return secret


def shown_session(school: LittleSchool, name: str) -> str:
    """Open a session for somebody; return the id that the account page shows."""
    secret = session_of(school.milepost, school[name].id)
    found = sessions.own_sessions(school.milepost, school[name], secret)
    return next(one.id for one in found if one.here)


HOURS = {"what": "Vet clinic", "hours": "6", "first_day": "2026-11-14"}
PLAN = {
    "content": "How animals stay healthy",
    "activities": "Two afternoons a week at the clinic",
    "minimum_threshold": "80 of 100 on the talk",
    "grade_option": "letter",
    "how_grade_is_set": "Half journal, half talk",
    "if_unfinished_or_failing": "No credit, and I may try again",
    "instruments_or_programs": "The clinic's skills list",
    "start_date": "2027-01-19",
    "due_date": "2027-05-21",
}


def filled_plan(school: LittleSchool, name: str) -> str:
    """Give a student a credit plan with every field; return its id."""
    milepost, actor = school.milepost, school[name]
    teacher = next(adult for adult, one in TIES if one == name and "advisor" in adult)
    made = credit_plans.draft(milepost, actor, option="CFO-INT-VET")
    answers = {**PLAN, "teacher_of_record": school[teacher].id}
    return credit_plans.save_fields(milepost, actor, made.id, answers).id


def returned_plan(school: LittleSchool, name: str) -> str:
    """Give a student a signed plan that is back in their hands; return its id."""
    plan_id = filled_plan(school, name)
    credit_plans.submit(school.milepost, school[name], plan_id)
    with school.milepost.work() as work:
        plan = work.credits.plan(school[name].school_id, plan_id)
        assert plan is not None
        plan.state = "returned"
        work.commit()
    return plan_id


def add_result(school: LittleSchool, name: str, competency: str, level: int) -> str:
    """Put one result into a student's mastery record; return the import's id."""
    actor = school[name]
    with school.milepost.work() as work:
        run = work.people.add(
            ImportRun(
                school_id=actor.school_id,
                kind="mastery",
                file="results.csv",
                sha256="0" * 64,
                counts={},
                ran_at=school.clock(),
            )
        )
        work.people.flush()
        work.records.add(
            MasteryResult(
                school_id=actor.school_id,
                student_id=actor.id,
                competency=competency,
                level=level,
                assessment="Quiz",
                attempt=1,
                earned_on=date(2026, 11, 1),
                source="Canvas",
                source_key=f"{name}:{competency}",
                import_id=run.id,
            )
        )
        work.commit()
        return run.id
