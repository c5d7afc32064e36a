"""Nobody reaches another's data through any service, whatever id they give."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import pytest
from little_school import (
    ANSWERS,
    HOURS,
    REFLECTED,
    LittleSchool,
    Record,
    fill_record,
    session_of,
)
from live import PASSWORD

import pathways.services
from pathways.domain.features import Feature, Switch
from pathways.domain.unmet import Kind
from pathways.services import (
    access_log,
    alerts,
    availability,
    browse,
    career_ideas,
    careers,
    caseload,
    catalog,
    catalog_bulk,
    catalog_lint,
    catalog_versions,
    checkins,
    consents,
    conversation,
    conversation_search,
    courses,
    credit_plan_access,
    credit_plan_lists,
    credit_plan_views,
    credit_plans,
    credit_ways,
    data_copy,
    data_requests,
    deletion,
    demand,
    district_rules,
    drafts,
    duty,
    equity,
    experience_links,
    experiences,
    features,
    goal_changes,
    goals,
    graduation,
    graduation_check,
    graduation_notes,
    health,
    import_log,
    imports_undo,
    incidents,
    interest_scores,
    looks,
    mastery,
    meetings,
    members,
    names,
    options,
    passwords,
    pathway,
    plan,
    preferences,
    questions,
    record,
    reminders,
    retention_view,
    school_day,
    second_factor,
    sessions,
    sign_in_setup,
    staged_columns,
    staged_imports,
    summaries,
    talks,
    transcripts,
    what_if,
)
from pathways.services.errors import Invalid, NotFound
from pathways.services.messages import Lease

STUDENTS = {"student", "other_student", "far_student"}
ADVISORS = {"advisor", "other_advisor", "far_advisor"}
COUNSELORS = {"counselor", "far_counselor"}
FAMILIES = {"family", "other_family"}
ADMINS = {"admin", "far_admin"}
SAFETY = {"safety_lead"}
WATCHES = {"counselor", "safety_lead"}
EVERYONE = STUDENTS | ADVISORS | COUNSELORS | SAFETY | FAMILIES | ADMINS
STAFF = ADVISORS | COUNSELORS | SAFETY | ADMINS
CIRCLE = {"student", "advisor", "family"}
Call = Callable[[LittleSchool, Any, Record], Any]


@dataclass(frozen=True)
class Rule:
    """Who may use a service on the first student's ids, and how it is called."""

    may: set[str]
    call: Call


def own(call: Call) -> Rule:
    """A service on ids of the student: nobody else may."""
    return Rule({"student"}, call)


def cut_off(step: str) -> None:
    """Stop a deletion that was let through, so that others can try theirs."""
    raise Invalid(step)


ON_A_STUDENTS_IDS: dict[Callable[..., Any], Rule] = {
    alerts.acknowledge: Rule(
        {"advisor", "counselor", "safety_lead"},
        lambda s, a, r: alerts.acknowledge(s.milepost, a, r.alert_id),
    ),
    incidents.decide: Rule(
        WATCHES,
        lambda s, a, r: incidents.decide(s.milepost, a, r.alert_id, "talked", "Met"),
    ),
    incidents.incident: Rule(
        WATCHES, lambda s, a, r: incidents.incident(s.milepost, a, r.alert_id)
    ),
    incidents.notice_draft: Rule(
        WATCHES, lambda s, a, r: incidents.notice_draft(s.milepost, a, r.alert_id)
    ),
    incidents.save_notice: Rule(
        WATCHES,
        lambda s, a, r: incidents.save_notice(s.milepost, a, r.alert_id, "Dear family"),
    ),
    caseload.student_name: Rule(
        CIRCLE, lambda s, a, r: caseload.student_name(s.milepost, a, r.student_id)
    ),
    checkins.list_checkins: own(
        lambda s, a, r: checkins.list_checkins(s.milepost, a, r.student_id)
    ),
    consents.of_student: Rule(
        {"admin"}, lambda s, a, r: consents.of_student(s.milepost, a, r.student_id)
    ),
    consents.record: Rule(
        {"admin"},
        lambda s, a, r: consents.record(
            s.milepost, a, r.student_id, "given", "family", "2026-08-20"
        ),
    ),
    consents.withdraw: Rule(
        {"family"}, lambda s, a, r: consents.withdraw(s.milepost, a, r.student_id)
    ),
    conversation.hold: own(
        lambda s, a, r: conversation.hold(
            s.milepost, a, r.turn_id, Lease("me", timedelta(seconds=9))
        )
    ),
    data_copy.copy_for: Rule(
        {"counselor", "admin"},
        lambda s, a, r: data_copy.copy_for(s.milepost, a, r.student_id),
    ),
    data_requests.settle: Rule(
        {"counselor", "admin"},
        lambda s, a, r: data_requests.settle(
            s.milepost, a, r.request_id, "refuse", "No."
        ),
    ),
    data_requests.withdraw: own(
        lambda s, a, r: data_requests.withdraw(s.milepost, a, r.request_id)
    ),
    deletion.delete_student: Rule(
        {"counselor", "admin"},
        lambda s, a, r: deletion.delete_student(s.milepost, a, r.student_id, cut_off),
    ),
    transcripts.open_chat: Rule(
        WATCHES,
        lambda s, a, r: transcripts.open_chat(
            s.milepost, a, r.student_id, "A worried call from home"
        ),
    ),
    transcripts.whose_chat: Rule(
        WATCHES,
        lambda s, a, r: transcripts.whose_chat(s.milepost, a, r.student_id),
    ),
    credit_plans.act: own(
        lambda s, a, r: credit_plans.act(s.milepost, a, r.plan_id, "withdraw")
    ),
    credit_plans.missing: own(
        lambda s, a, r: credit_plans.missing(s.milepost, a, r.plan_id)
    ),
    credit_plans.plan_view: Rule(
        CIRCLE | {"counselor"},
        lambda s, a, r: credit_plans.plan_view(s.milepost, a, r.plan_id),
    ),
    credit_plans.save_field: own(
        lambda s, a, r: credit_plans.save_field(s.milepost, a, r.plan_id, "hours", "90")
    ),
    credit_plans.save_fields: own(
        lambda s, a, r: credit_plans.save_fields(
            s.milepost, a, r.plan_id, {"hours": "90"}
        )
    ),
    credit_plans.submit: own(
        lambda s, a, r: credit_plans.submit(s.milepost, a, r.plan_id)
    ),
    experience_links.mentor_link: own(
        lambda s, a, r: experience_links.mentor_link(s.milepost, a, r.experience_id)
    ),
    experiences.correct: own(
        lambda s, a, r: experiences.correct(
            s.milepost, a, r.experience_id, "Left early", {"hours": "4"}
        )
    ),
    experiences.count_toward: own(
        lambda s, a, r: experiences.count_toward(
            s.milepost, a, r.experience_id, "work_hours", "", 6
        )
    ),
    experiences.ledger: Rule(
        CIRCLE, lambda s, a, r: experiences.ledger(s.milepost, a, r.student_id)
    ),
    experiences.take_out: own(
        lambda s, a, r: experiences.take_out(s.milepost, a, r.experience_id, "No")
    ),
    graduation_check.graduation_check: Rule(
        CIRCLE | {"counselor"},
        lambda s, a, r: graduation_check.graduation_check(s.milepost, a, r.student_id),
    ),
    graduation_notes.note_item: Rule(
        {"counselor"},
        lambda s, a, r: graduation_notes.note_item(
            s.milepost, a, r.student_id, "act_math", 22, "ACT report"
        ),
    ),
    goal_changes.goal_story: own(
        lambda s, a, r: goal_changes.goal_story(s.milepost, a, r.goal_id)
    ),
    goal_changes.revise: own(
        lambda s, a, r: goal_changes.revise(s.milepost, a, r.goal_id, {"why": "x"})
    ),
    goals.change_status: own(
        lambda s, a, r: goals.change_status(s.milepost, a, r.goal_id, "done")
    ),
    goals.list_goals: Rule(
        CIRCLE, lambda s, a, r: goals.list_goals(s.milepost, a, r.student_id)
    ),
    goals.report_progress: own(
        lambda s, a, r: goals.report_progress(s.milepost, a, r.goal_id, "One lab")
    ),
    mastery.profile: Rule(
        CIRCLE, lambda s, a, r: mastery.profile(s.milepost, a, r.student_id)
    ),
    meetings.brief: Rule(
        {"advisor"}, lambda s, a, r: meetings.brief(s.milepost, a, r.student_id)
    ),
    meetings.note_meeting: Rule(
        {"advisor"},
        lambda s, a, r: meetings.note_meeting(s.milepost, a, r.student_id, "Read", ""),
    ),
    options.saved: Rule(
        CIRCLE, lambda s, a, r: options.saved(s.milepost, a, r.student_id)
    ),
    options.why: Rule(
        CIRCLE,
        lambda s, a, r: options.why(s.milepost, a, r.option_id, r.student_id),
    ),
    reminders.stop_reminder: own(
        lambda s, a, r: reminders.stop_reminder(s.milepost, a, r.reminder_id)
    ),
    second_factor.reset: Rule(
        {"admin"}, lambda s, a, r: second_factor.reset(s.milepost, a, r.student_id)
    ),
    passwords.give: Rule(
        {"admin"}, lambda s, a, r: passwords.give(s.milepost, a, r.student_id)
    ),
    sessions.account: Rule(
        {"admin"}, lambda s, a, r: sessions.account(s.milepost, a, r.student_id)
    ),
    sessions.end_all_of: Rule(
        {"admin"}, lambda s, a, r: sessions.end_all_of(s.milepost, a, r.student_id)
    ),
    sessions.end_session: own(
        lambda s, a, r: sessions.end_session(s.milepost, a, r.session_id)
    ),
    talks.open_talk: own(lambda s, a, r: talks.open_talk(s.milepost, a, r.talk_id)),
    summaries.drop_line: own(
        lambda s, a, r: summaries.drop_line(
            s.milepost, a, r.summary_id, r.line_id, True
        )
    ),
    summaries.edit_line: own(
        lambda s, a, r: summaries.edit_line(
            s.milepost, a, r.summary_id, r.line_id, "In my words"
        )
    ),
    summaries.release: own(
        lambda s, a, r: summaries.release(s.milepost, a, r.summary_id)
    ),
    summaries.released_summaries: Rule(
        {"advisor", "family"},
        lambda s, a, r: summaries.released_summaries(s.milepost, a, r.student_id),
    ),
    summaries.take_back: own(
        lambda s, a, r: summaries.take_back(s.milepost, a, r.summary_id)
    ),
}


def by_role(may: set[str], call: Callable[[Any, Any], Any]) -> Rule:
    return Rule(may, lambda s, a, r: call(s.milepost, a))


BY_ROLE: dict[Callable[..., Any], Rule] = {
    access_log.access_log: by_role(
        ADMINS, lambda m, a: access_log.access_log(m, a, access_log.Asked())
    ),
    alerts.ask_for: by_role(
        STUDENTS, lambda m, a: alerts.ask_for(m, a, alerts.WANTS_COPY)
    ),
    alerts.ask_for_person: by_role(STUDENTS, alerts.ask_for_person),
    alerts.list_alerts: by_role(ADVISORS | COUNSELORS | SAFETY, alerts.list_alerts),
    availability.availability: by_role(STUDENTS, availability.availability),
    availability.set_availability: by_role(
        STUDENTS, lambda m, a: availability.set_availability(m, a, 5, ["Columbus"])
    ),
    career_ideas.ideas: by_role(STUDENTS, career_ideas.ideas),
    equity.audit_for: by_role(COUNSELORS, equity.audit_for),
    careers.aim_for: by_role(STUDENTS, lambda m, a: careers.aim_for(m, a, ["vet"])),
    careers.tell_interest: by_role(
        STUDENTS, lambda m, a: careers.tell_interest(m, a, ["animals"])
    ),
    caseload.caseload: by_role(ADVISORS, caseload.caseload),
    caseload.students_of_family: by_role(FAMILIES, caseload.students_of_family),
    catalog.edit: by_role(
        COUNSELORS,
        lambda m, a: catalog.edit(
            m, a, "cluster", {"code": "new", "title": "New"}, None
        ),
    ),
    catalog.foreseen: by_role(
        COUNSELORS,
        lambda m, a: catalog.foreseen(m, a, "cluster", {"code": "n", "title": "N"}),
    ),
    catalog_bulk.plan_many: by_role(
        COUNSELORS,
        lambda m, a: catalog_bulk.plan_many(
            m, a, "course", ["SCI-BIO"], {"seats": "9"}
        ),
    ),
    catalog_bulk.change_many: by_role(
        COUNSELORS,
        lambda m, a: catalog_bulk.change_many(
            m, a, "course", ["SCI-BIO"], {"seats": "9"}, 9
        ),
    ),
    catalog.history: by_role(
        COUNSELORS, lambda m, a: catalog.history(m, a, "course", "SCI-BIO")
    ),
    catalog.revert: by_role(
        COUNSELORS, lambda m, a: catalog.revert(m, a, "course", "SCI-BIO", 1)
    ),
    catalog_lint.look_through: by_role(COUNSELORS, catalog_lint.look_through),
    catalog_versions.list_versions: by_role(COUNSELORS, catalog_versions.list_versions),
    catalog_versions.restore: by_role(
        COUNSELORS, lambda m, a: catalog_versions.restore(m, a, 1)
    ),
    checkins.save_checkin: by_role(
        STUDENTS, lambda m, a: checkins.save_checkin(m, a, {"mood": "3"})
    ),
    consents.choose: by_role(STUDENTS, lambda m, a: consents.choose(m, a, True)),
    consents.need_from_all: by_role(
        ADMINS, lambda m, a: consents.need_from_all(m, a, False)
    ),
    consents.of_family: by_role(FAMILIES, consents.of_family),
    consents.overview: by_role(ADMINS, consents.overview),
    features.off_for: by_role(EVERYONE, features.off_for),
    features.pilot: by_role(ADMINS, features.pilot),
    features.require_on: by_role(
        EVERYONE, lambda m, a: features.require_on(m, a, Feature.HOURS)
    ),
    features.set_switch: by_role(
        ADMINS, lambda m, a: features.set_switch(m, a, "hours", Switch())
    ),
    health.health: by_role(
        ADMINS, lambda m, a: health.health(m, a, health.Outside(True, None, 0))
    ),
    retention_view.retention_view: by_role(ADMINS, retention_view.retention_view),
    sign_in_setup.sign_in_setup: by_role(ADMINS, sign_in_setup.sign_in_setup),
    consents.own: by_role(STUDENTS, consents.own),
    browse.browse: by_role(STUDENTS, lambda m, a: browse.browse(m, a, browse.Wanted())),
    browse.glance: by_role(STUDENTS, browse.glance),
    pathway.choices: by_role(STUDENTS, pathway.choices),
    pathway.pathway: by_role(STUDENTS, lambda m, a: pathway.pathway(m, a, "PRG-MFG")),
    conversation_search.find: by_role(
        STUDENTS, lambda m, a: conversation_search.find(m, a, "lab")
    ),
    conversation.messages: by_role(STUDENTS, conversation.messages),
    conversation.receive: by_role(
        STUDENTS, lambda m, a: conversation.receive(m, a, "id", "hi")
    ),
    credit_plan_lists.courses: by_role(STUDENTS, credit_plan_lists.courses),
    credit_plans.draft: by_role(STUDENTS, credit_plans.draft),
    credit_plan_lists.inbox: by_role(
        ADVISORS | COUNSELORS | FAMILIES, credit_plan_lists.inbox
    ),
    credit_plans.plans: by_role(STUDENTS, credit_plans.plans),
    credit_plan_lists.unfinished_plan: by_role(
        STUDENTS, lambda m, a: credit_plan_lists.unfinished_plan(m, a, "SCI-BIO")
    ),
    credit_plan_lists.teachers: by_role(STUDENTS, credit_plan_lists.teachers),
    data_copy.kept: by_role(STUDENTS, data_copy.kept),
    data_copy.copy_of: by_role(STUDENTS, data_copy.copy_of),
    data_requests.ask: by_role(
        STUDENTS, lambda m, a: data_requests.ask(m, a, "correction", "Goals", "No.")
    ),
    data_requests.list_requests: by_role(
        COUNSELORS | ADMINS, data_requests.list_requests
    ),
    data_requests.own_requests: by_role(STUDENTS, data_requests.own_requests),
    credit_ways.ways: by_role(STUDENTS, lambda m, a: credit_ways.ways(m, a, "CTE-VET")),
    credit_ways.wished_courses: by_role(
        STUDENTS, lambda m, a: credit_ways.wished_courses(m, a, ())
    ),
    demand.note_unmet: by_role(
        STUDENTS, lambda m, a: demand.note_unmet(m, a, Kind.CAREER, "lion tamer")
    ),
    demand.unmet_demand: by_role(COUNSELORS, demand.unmet_demand),
    district_rules.district_rules: by_role(
        COUNSELORS | ADMINS, district_rules.district_rules
    ),
    district_rules.rules_at: by_role(
        COUNSELORS | ADMINS, lambda m, a: district_rules.rules_at(m, a, 0)
    ),
    district_rules.parts_of: by_role(
        COUNSELORS | ADMINS, lambda m, a: district_rules.parts_of(m, a, {})
    ),
    district_rules.try_rules: by_role(
        COUNSELORS | ADMINS, lambda m, a: district_rules.try_rules(m, a, {})
    ),
    district_rules.save_rules: by_role(
        COUNSELORS | ADMINS, lambda m, a: district_rules.save_rules(m, a, {}, 0)
    ),
    drafts.save_answers: by_role(
        STUDENTS, lambda m, a: drafts.save_answers(m, a, "checkin", {"win": "x"})
    ),
    duty.set_duty: by_role(ADMINS, lambda m, a: duty.set_duty(m, a, duty.Duty())),
    duty.staff: by_role(ADMINS | COUNSELORS | SAFETY, duty.staff),
    duty.view_duty: by_role(ADMINS | COUNSELORS | SAFETY, duty.view_duty),
    experiences.log: by_role(STUDENTS, lambda m, a: experiences.log(m, a, HOURS)),
    experiences.targets: by_role(STUDENTS, experiences.targets),
    goals.active_goals: by_role(STUDENTS, goals.active_goals),
    goals.save_goal: by_role(
        STUDENTS, lambda m, a: goals.save_goal(m, a, {**ANSWERS, "due": "2026-12-01"})
    ),
    graduation.credits_of: by_role(STUDENTS, graduation.credits_of),
    graduation.status: by_role(STUDENTS, graduation.status),
    graduation_notes.noteable: by_role(COUNSELORS, graduation_notes.noteable),
    graduation_notes.pupils: by_role(
        ADVISORS | COUNSELORS | FAMILIES, graduation_notes.pupils
    ),
    import_log.list_imports: by_role(ADMINS | COUNSELORS, import_log.list_imports),
    import_log.find_import: Rule(
        {"admin", "counselor"},
        lambda s, a, r: import_log.find_import(s.milepost, a, r.run),
    ),
    interest_scores.keep_scores: by_role(
        STUDENTS,
        lambda m, a: interest_scores.keep_scores(m, a, dict.fromkeys("RIASEC", 9)),
    ),
    imports_undo.undo_import: by_role(
        ADMINS, lambda m, a: imports_undo.undo_import(m, a, "people")
    ),
    looks.list_looks: by_role(STUDENTS, looks.list_looks),
    mastery.ask: by_role(STUDENTS, lambda m, a: mastery.ask(m, a, ["SCI.ANAT"])),
    mastery.gaps: by_role(STUDENTS, mastery.gaps),
    members.circle: by_role(STUDENTS, members.circle),
    members.everyone: by_role(ADMINS, members.everyone),
    options.decide: by_role(
        STUDENTS, lambda m, a: options.decide(m, a, "SCI-BIO", options.SAVED)
    ),
    options.suggest: by_role(STUDENTS, options.suggest),
    plan.view_plan: by_role(STUDENTS, plan.view_plan),
    preferences.choose: by_role(
        STUDENTS, lambda m, a: preferences.choose(m, a, ["read_aloud"], "Somali")
    ),
    preferences.choose_looks: by_role(
        STUDENTS,
        lambda m, a: preferences.choose_looks(m, a, [], ["less_motion"]),
    ),
    preferences.first_meeting: by_role(STUDENTS, preferences.first_meeting),
    preferences.settings_of: by_role(STUDENTS, preferences.settings_of),
    preferences.speak: by_role(EVERYONE, lambda m, a: preferences.speak(m, a, "es")),
    preferences.wish_for_language: by_role(
        STUDENTS, lambda m, a: preferences.wish_for_language(m, a, "Somali")
    ),
    record.export_record: by_role(
        STUDENTS, lambda m, a: record.export_record(m, a, "json")
    ),
    reminders.list_reminders: by_role(STUDENTS, reminders.list_reminders),
    reminders.set_reminder: by_role(
        STUDENTS,
        lambda m, a: reminders.set_reminder(m, a, "labs", date(2026, 12, 20)),
    ),
    reminders.take_due: by_role(STUDENTS, reminders.take_due),
    second_factor.staff_must: by_role(
        ADMINS, lambda m, a: second_factor.staff_must(m, a, True)
    ),
    second_factor.start: by_role(
        STAFF,
        lambda m, a: second_factor.start(m, a, session_of(m, a.id), PASSWORD),
    ),
    staged_imports.open_place: by_role(
        ADMINS,
        lambda m, a: staged_imports.open_place(m, a, "people", "roster.zip", {}),
    ),
    staged_imports.waiting_files: by_role(
        ADMINS | COUNSELORS, staged_imports.waiting_files
    ),
    talks.list_reflections: by_role(STUDENTS, talks.list_reflections),
    talks.list_talks: by_role(STUDENTS, talks.list_talks),
    talks.save_talk: by_role(
        STUDENTS, lambda m, a: talks.save_talk(m, a, "reflection", "what", REFLECTED)
    ),
    what_if.what_if: by_role(
        STUDENTS, lambda m, a: what_if.what_if(m, a, add=["SCI-BIO"])
    ),
    summaries.draft_summary: by_role(STUDENTS, summaries.draft_summary),
    summaries.list_summaries: by_role(STUDENTS, summaries.list_summaries),
}
OPEN_TO_ALL: dict[Callable[..., Any], str] = {
    careers.find_career: "the catalog is everybody's",
    careers.find_careers: "the catalog is everybody's",
    careers.programs: "the catalog is everybody's",
    catalog.current: "the catalog is everybody's",
    questions.left_open: "reads only the actor's own conversation",
    questions.open_question: "reads only the actor's own conversation",
    questions.was_asked: "reads only the actor's own conversation",
    courses.find_course: "the catalog is everybody's",
    checkins.newest_promise: "reads only the actor's own record",
    checkins.last_promise: "reads only the actor's own record",
    conversation.safety_adult: "every person of a school may know",
    drafts.discard: "deletes only the actor's own draft",
    drafts.draft_of: "reads only the actor's own record",
    drafts.open_drafts: "reads only the actor's own record",
    drafts.newest_draft: "reads only the actor's own record",
    duty.watch_hours: "every person of a school may know",
    incidents.recordable: "ids of what the actor took on",
    members.me: "one's own name",
    names.readers_of: "reads only the actor's own ties",
    names.given_name: "one's own name",
    options.find_option: "the catalog is everybody's",
    options.last_titles: "reads only the actor's own record",
    options.last_suggested: "reads only the actor's own record",
    options.needed_for: "the catalog is everybody's",
    data_copy.grace_days: "a setting of the school",
    school_day.today: "the school's clock",
    second_factor.view: "reads only the actor's own account",
    passwords.change: "changes only the actor's own password",
    passwords.confirm: "asks for the actor's own password",
    passwords.has_password: "reads only the actor's own account",
    staged_imports.progress_of: "reads only a file that the actor brought in",
    staged_imports.staged_file: "reads only a file that the actor brought in",
    staged_imports.order: "orders only a file that the actor brought in",
    staged_imports.run: "runs only a file that the actor brought in",
    staged_imports.drop: "drops only a file that the actor brought in",
    staged_imports.brought_in: "notes only a file that the actor brought in",
    staged_columns.columns_for: "reads only a file that the actor brought in",
    sessions.end_all: "ends only the actor's own sessions",
    sessions.own_sessions: "reads only the actor's own sessions",
}
INSIDE: set[Callable[..., Any]] = {
    credit_plan_views.line_of,  # within a unit of work, after the right is checked
    credit_plan_views.view_of,
    credit_plan_access.state_after,  # within a unit of work
    credit_plan_access.can_take_back,  # within a unit of work, of a plan that was found
    catalog.today_of,  # within a unit of work
    options.see,  # within a unit of work
    caseload.reasons_of,  # within a unit of work, of a student who was found
    alerts.tell_at_once,  # the gateway's, with the actor of the session
    alerts.spool_alert,  # the gateway's, with the actor of the session
    conversation.answer,  # the gateway's, with a message of `receive`
}


def use_cases() -> Iterator[Callable[..., Any]]:
    """Yield every public service that a person can act through."""
    for found in pkgutil.iter_modules(pathways.services.__path__):
        module = importlib.import_module(f"pathways.services.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = inspect.signature(function).parameters
            ours = function.__module__ == module.__name__ and name[0] != "_"
            if ours and {"milepost", "actor"} <= {*parameters} - {"work"}:
                yield function


def test_every_service_is_declared_here() -> None:
    declared = {*ON_A_STUDENTS_IDS, *BY_ROLE, *OPEN_TO_ALL, *INSIDE}
    missing = {f"{one.__module__}.{one.__name__}" for one in {*use_cases()} - declared}
    assert missing == set()
    assert declared - {*use_cases()} == set()


def test_every_service_with_a_students_id_is_tried_with_strangers() -> None:
    with_ids = {
        one
        for one in use_cases()
        if any(
            name.endswith("_id") and name not in ("client_message_id", "option_id")
            for name in inspect.signature(one).parameters
        )
    }
    assert with_ids - INSIDE == {*ON_A_STUDENTS_IDS}


def refused(rule: Rule, little: LittleSchool, record: Record) -> set[str]:
    """Return who gets a NotFound."""
    turned_away = set()
    for name in sorted(EVERYONE, key=lambda one: one in rule.may):
        try:
            rule.call(little, little[name], record)
        except NotFound as error:
            assert record.student_id not in str(error)
            turned_away.add(name)
        except Invalid:
            assert name in rule.may
    return turned_away


def label(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


@pytest.mark.parametrize("service", ON_A_STUDENTS_IDS, ids=label)
def test_a_strangers_id_is_not_found(
    service: Callable[..., Any], little: LittleSchool, record: Record
) -> None:
    rule = ON_A_STUDENTS_IDS[service]
    assert refused(rule, little, record) == EVERYONE - rule.may


@pytest.mark.parametrize("service", BY_ROLE, ids=label)
def test_a_service_is_open_to_its_roles_alone(
    service: Callable[..., Any], little: LittleSchool, record: Record
) -> None:
    rule = BY_ROLE[service]
    assert refused(rule, little, record) == EVERYONE - rule.may


@pytest.mark.parametrize("service", ON_A_STUDENTS_IDS, ids=label)
def test_an_id_that_never_was_is_not_found(
    service: Callable[..., Any], little: LittleSchool, record: Record
) -> None:
    nothing = Record(*["no-such-id"] * len(fields(Record)))
    for name in ("student", "advisor", "counselor", "family", "admin"):
        with pytest.raises(NotFound):
            ON_A_STUDENTS_IDS[service].call(little, little[name], nothing)


def test_another_students_record_stays_out_of_ones_own_views(
    little: LittleSchool, record: Record
) -> None:
    other, milepost = little["other_student"], little.milepost
    assert goals.list_goals(milepost, other) == []
    assert conversation.messages(milepost, other) == []
    assert summaries.list_summaries(milepost, other) == []
    assert options.saved(milepost, other) == []
    assert options.last_suggested(milepost, other) == ()
    assert mastery.profile(milepost, other) == []
    assert checkins.list_checkins(milepost, other) == []
    assert checkins.last_promise(milepost, other) == ""
    assert drafts.newest_draft(milepost, other) is None
    assert talks.list_talks(milepost, other) == []
    assert reminders.list_reminders(milepost, other) == []
    assert plan.view_plan(milepost, other).interests == ()
    assert alerts.list_alerts(milepost, little["other_advisor"]) == []
    assert alerts.list_alerts(milepost, little["far_counselor"]) == []


def test_a_line_of_another_summary_is_not_found(little: LittleSchool) -> None:
    mine = fill_record(little, "student")
    theirs = fill_record(little, "other_student")
    with pytest.raises(NotFound):
        summaries.edit_line(
            little.milepost, little["student"], mine.summary_id, theirs.line_id, "x"
        )


LOOKS = {
    "goals": lambda s, a, r: goals.list_goals(s.milepost, a, r.student_id),
    "mastery": lambda s, a, r: mastery.profile(s.milepost, a, r.student_id),
    "options": lambda s, a, r: options.saved(s.milepost, a, r.student_id),
    "released summaries": lambda s, a, r: summaries.released_summaries(
        s.milepost, a, r.student_id
    ),
    "alerts": lambda s, a, r: alerts.list_alerts(s.milepost, a),
    "credit plan": lambda s, a, r: credit_plans.plan_view(s.milepost, a, r.plan_id),
    "credit plans": lambda s, a, r: credit_plan_lists.inbox(s.milepost, a),
    "experiences": lambda s, a, r: experiences.ledger(s.milepost, a, r.student_id),
    "graduation": lambda s, a, r: graduation_check.graduation_check(
        s.milepost, a, r.student_id
    ),
}


@pytest.mark.parametrize("what", LOOKS)
def test_an_adults_look_is_on_record_and_ones_own_is_not(
    what: str, little: LittleSchool, record: Record
) -> None:
    if what not in ("released summaries", "alerts", "credit plans"):
        LOOKS[what](little, little["student"], record)
    assert looks.list_looks(little.milepost, little["student"]) == []
    LOOKS[what](little, little["advisor"], record)
    seen = looks.list_looks(little.milepost, little["student"])
    assert [(one.who, one.role, one.what) for one in seen] == [
        ("Advisor Test", "advisor", what)
    ]


@pytest.mark.parametrize("what", ["goals", "mastery", "options", "released summaries"])
def test_a_refused_look_leaves_no_trace_in_the_log(
    what: str, little: LittleSchool, record: Record
) -> None:
    with pytest.raises(NotFound):
        LOOKS[what](little, little["other_advisor"], record)
    assert looks.list_looks(little.milepost, little["student"]) == []


def test_a_look_that_can_not_be_logged_shows_nothing(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch, record: Record
) -> None:
    summaries.release(little.milepost, little["student"], record.summary_id)

    def broken(*given: object) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr("pathways.services.summaries.note_look", broken)
    with pytest.raises(OSError, match="log is full"):
        summaries.released_summaries(
            little.milepost, little["advisor"], record.student_id
        )
    unread = summaries.list_summaries(little.milepost, little["student"])[0]
    assert unread.status == "released"
