"""The demo school in the middle of a week: something to do for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from house import START, Site, actor_called
from little_school import HASH, HOURS, LittleSchool, filled_plan
from test_browser_record import add_goal

from pathways.services import (
    alerts,
    careers,
    credit_plans,
    data_requests,
    experience_links,
    experiences,
    import_log,
    preferences,
    summaries,
)
from pathways.services.access import Actor, actor_of
from pathways.store.models import Person

SAFETY = "harper.lead"
SHARED = "I plan to hand in five labs."


@dataclass
class Town:
    """The site, and the links that were sent to mentors."""

    site: Site
    language: str
    links: list[str]


def settle(site: Site, language: str) -> Town:
    """Give everybody of the demo school something to do, and their language."""
    maya = actor_called(site, "maya")
    lead = safety_lead(site)
    people = {"student": maya, "advisor": actor_called(site, "ortiz")}
    little = LittleSchool(site.milepost, site.milepost.clock, people)  # type: ignore[arg-type]
    for one in (maya, lead, *(actor_called(site, name) for name in _NAMES)):
        preferences.speak(site.milepost, one, language)
    add_goal(site)
    careers.tell_interest(site.milepost, maya, ["animals"])
    _shares(little, maya)
    little.noted("student", "I like labs", "interest", words="labs")
    summaries.draft_summary(site.milepost, maya)
    links = [_link(site, maya, f"Vet clinic {n}", n) for n in (1, 2)]
    credit_plans.submit(site.milepost, maya, filled_plan(little, "student"))
    for category in ("self_harm", "abuse", "bullying"):
        little.alert("student", category)
    alerts.ask_for_person(site.milepost, maya)
    for words in ("The date is wrong.", "The step is wrong."):
        data_requests.ask(site.milepost, maya, "correction", "Goals", words)
    return Town(site, language, links)


_NAMES = ("ortiz", "bell", "maya.family", "admin")


def _shares(little: LittleSchool, maya: Actor) -> None:
    little.noted("student", "I like animals", "interest", words="animals")
    draft = summaries.draft_summary(little.milepost, maya)
    assert draft is not None
    line = draft.lines[0].id
    summaries.edit_line(little.milepost, maya, draft.id, line, SHARED)
    summaries.release(little.milepost, maya, draft.id)


def _link(site: Site, maya: Actor, what: str, day: int) -> str:
    hours = {**HOURS, "what": what, "first_day": f"2026-11-0{day}"}
    entry = experiences.log(site.milepost, maya, hours).id
    path, _ = experience_links.mentor_link(site.milepost, maya, entry)
    return path


def safety_lead(site: Site) -> Actor:
    """Give the school a safety lead, which the demo school has not."""
    maya = actor_called(site, "maya")
    with site.milepost.work() as work:
        person = work.people.add(
            Person(
                school_id=maya.school_id,
                role="safety_lead",
                username=SAFETY,
                source_id=SAFETY,
                given_name="Harper",
                family_name="Lead",
                language="en",
                password_hash=HASH,
                active=True,
            )
        )
        work.commit()
        return actor_of(person)


def entries_of(site: Site) -> dict[str, str]:
    """Give the student a plan, hours and an alert; return what pages need of them."""
    maya = actor_called(site, "maya")
    people = {"student": maya, "advisor": actor_called(site, "ortiz")}
    little = LittleSchool(site.milepost, site.milepost.clock, people)  # type: ignore[arg-type]
    plan = filled_plan(little, "student")
    credit_plans.submit(site.milepost, maya, plan)
    run = import_log.list_imports(site.milepost, actor_called(site, "admin"))[0].run
    return {
        "maya": maya.id,
        "plan": plan,
        "alert": little.alert("student", "abuse"),
        "token": _link(site, maya, "Vet clinic", 3).rpartition("/")[2],
        "run": run,
    }


__all__ = ["SAFETY", "SHARED", "START", "Town", "settle"]
