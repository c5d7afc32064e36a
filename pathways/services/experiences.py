"""The experience ledger: hours with evidence, confirmed, counted, corrected (P10, A8).

For the chat: `log(milepost, actor, answers)` stores a confirmed entry, `ledger`
reads it all, `correct` and `take_out` change it and keep what was there before,
`count_toward` puts hours into a bucket, `mentor_link` makes the link for a mentor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pathways.app import Milepost
from pathways.domain.experience import Bucket, Share, Sort, Standing, log_problem
from pathways.domain.features import Feature
from pathways.domain.plan_fields import day_of, number_of
from pathways.services.access import (
    Actor,
    Role,
    note_look,
    require,
    school_of,
    student_for,
)
from pathways.services.drafts import drop_draft
from pathways.services.errors import Invalid, NotFound
from pathways.services.experience_views import (
    ExperienceView,
    Ledger,
    read_ledger,
    titles_of,
    view_of,
)
from pathways.services.features import check_on
from pathways.services.policy import policy_for
from pathways.store.credit_models import Experience, ExperienceShare
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

FLOW = "experience_log"
TWICE = timedelta(minutes=1)
LONGEST, LONGEST_NAME = 2000, 200


def log(
    milepost: Milepost, actor: Actor, answers: Mapping[str, str | None]
) -> ExperienceView:
    """Write an experience down; a form that is sent twice at once makes one entry.

    Args:
        milepost: the product.
        actor: the student whose hours they are.
        answers: `what`, `hours`, `first_day` (ISO), and where there are any
            `last_day`, `sort` (one of `Sort`), `place`, `mentor`, `evidence`.

    Raises:
        Invalid: an answer is missing or can't be used; `field` says which.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        check_on(work, actor, Feature.HOURS)
        before = work.credits.experiences(actor.school_id, actor.id)
        row = _new(milepost, work, actor, answers)
        same = next((one for one in before if _is_same(one, row)), None)
        if same is not None:
            return _one(milepost, work, actor, same)
        drop_draft(work, actor, FLOW)
        work.commit()
        return _one(milepost, work, actor, row)


def correct(
    milepost: Milepost,
    actor: Actor,
    experience_id: str,
    reason: str,
    answers: Mapping[str, str | None],
) -> ExperienceView:
    """Replace an entry by a corrected one; the old one is kept with the reason.

    What a mentor confirmed was the old entry, so the new one waits for a new word.

    Args:
        milepost: the product.
        actor: the student whose entry it is.
        experience_id: the entry to correct.
        reason: why, in the student's words.
        answers: only what changes, named as in `log`.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        old = _own(work, actor, experience_id)
        if not reason.strip():
            raise Invalid(say(actor.language, "experience.need_reason"), "reason")
        kept = {
            "sort": old.sort,
            "what": old.what,
            "place": old.place,
            "mentor": old.mentor,
            "first_day": old.first_day.isoformat(),
            "last_day": old.last_day.isoformat(),
            "hours": f"{old.hours:g}",
            "evidence": old.evidence,
        }
        row = _new(milepost, work, actor, {**kept, **answers})
        row.replaces_id, row.reason = old.id, reason.strip()[:LONGEST]
        old.standing = Standing.CORRECTED
        work.credits.flush()
        for share in work.credits.shares(actor.school_id, actor.id):
            if share.experience_id == old.id:
                hours = min(share.hours, row.hours)
                _add_share(work, row, Share(Bucket(share.bucket), share.target, hours))
        work.commit()
        return _one(milepost, work, actor, row)


def take_out(
    milepost: Milepost, actor: Actor, experience_id: str, reason: str
) -> ExperienceView:
    """Take an entry out of every count; it stays in the list with the reason."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        row = _own(work, actor, experience_id)
        if not reason.strip():
            raise Invalid(say(actor.language, "experience.need_reason"), "reason")
        row.standing, row.reason = Standing.TAKEN_OUT, reason.strip()[:LONGEST]
        work.commit()
        return _one(milepost, work, actor, row)


def count_toward(
    milepost: Milepost,
    actor: Actor,
    experience_id: str,
    bucket: str,
    target: str,
    hours: float,
) -> ExperienceView:
    """Let hours of an entry count toward something; zero hours take them away.

    Args:
        milepost: the product.
        actor: the student whose entry it is.
        experience_id: the entry.
        bucket: `credit`, `work_hours`, `seal` or `competency`.
        target: a plan's id, a seal's name, a competency's code; empty for work hours.
        hours: how many; not more than the entry has.

    Raises:
        Invalid: there is no such bucket or target, or too many hours.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        row = _own(work, actor, experience_id)
        share = _checked(milepost, work, actor, row, bucket, target, hours)
        for old in work.credits.shares(actor.school_id, actor.id):
            place = (old.experience_id, old.bucket, old.target)
            if place == (row.id, share.bucket.value, share.target):
                work.session.delete(old)
        work.credits.flush()
        if share.hours:
            _add_share(work, row, share)
        work.commit()
        return _one(milepost, work, actor, row)


def ledger(milepost: Milepost, actor: Actor, student_id: str = "") -> Ledger:
    """Return a student's experiences and hours: their own, or of one in their care."""
    with milepost.work() as work:
        student = student_for(work, actor, student_id or actor.id)
        note_look(work, actor, student.id, "experiences", milepost.clock())
        catalog = milepost.catalogs.current(work, actor.school_id)
        return read_ledger(work, actor, catalog, student.id)


def _own(work: UnitOfWork, actor: Actor, experience_id: str) -> Experience:
    """Return an entry of the student that still counts.

    Raises:
        NotFound: it is not theirs, or it was corrected or taken out.
    """
    row = work.credits.experience(actor.school_id, experience_id)
    if row is None or row.student_id != actor.id:
        raise NotFound("The experience")
    if Standing(row.standing) in (Standing.CORRECTED, Standing.TAKEN_OUT):
        raise NotFound("The experience")
    return row


def _new(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    answers: Mapping[str, str | None],
) -> Experience:
    given = {name: (text or "").strip() for name, text in answers.items()}
    today = milepost.today(school_of(work, actor))
    hours = number_of(given.get("hours"))
    first = day_of(given.get("first_day"))
    last = day_of(given.get("last_day")) or first
    wrong = log_problem(hours, first, last, today)
    if not given.get("what"):
        wrong = "what"
    if wrong or hours is None or first is None or last is None:
        text = say(actor.language, f"experience.wrong_{wrong}")
        raise Invalid(text, wrong)
    sort = given.get("sort") or Sort.OTHER
    if sort not in list(Sort):
        raise Invalid(say(actor.language, "experience.wrong_sort"), "sort")
    row = work.credits.add(
        Experience(
            school_id=actor.school_id,
            student_id=actor.id,
            language=actor.language,
            sort=sort,
            what=given["what"][:LONGEST],
            place=given.get("place", "")[:LONGEST_NAME],
            mentor=given.get("mentor", "")[:LONGEST_NAME],
            first_day=first,
            last_day=last,
            hours=hours,
            evidence=given.get("evidence", "")[:LONGEST],
            standing=Standing.LOGGED,
            reason="",
            answer="",
            logged_at=milepost.clock(),
        )
    )
    work.credits.flush()
    return row


def _is_same(known: Experience, new: Experience) -> bool:
    """Tell whether a new entry repeats one that was written a moment ago."""
    parts = ("what", "hours", "first_day", "last_day", "sort", "standing")
    alike = all(getattr(known, one) == getattr(new, one) for one in parts)
    return alike and new.logged_at - known.logged_at < TWICE


def _add_share(work: UnitOfWork, row: Experience, share: Share) -> None:
    work.credits.add(
        ExperienceShare(
            school_id=row.school_id,
            student_id=row.student_id,
            experience_id=row.id,
            bucket=share.bucket,
            target=share.target,
            hours=share.hours,
        )
    )
    work.credits.flush()


def _checked(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    row: Experience,
    bucket: str,
    target: str,
    hours: float,
) -> Share:
    if bucket not in list(Bucket):
        raise Invalid(say(actor.language, "experience.wrong_bucket"), "bucket")
    if not 0 <= hours <= row.hours:
        raise Invalid(say(actor.language, "experience.wrong_share"), "hours")
    found = Bucket(bucket)
    target = "" if found is Bucket.WORK_HOURS else target
    catalog = milepost.catalogs.current(work, actor.school_id)
    known = titles_of(work, actor, catalog, row.student_id)
    if (bucket, target) not in known:
        raise Invalid(say(actor.language, "experience.wrong_target"), "target")
    return Share(found, target, hours)


def targets(milepost: Milepost, actor: Actor) -> list[tuple[str, str, str]]:
    """Return (bucket, target, title) of all that a student's hours can count toward."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        titles = titles_of(work, actor, catalog, actor.id)
    return [(bucket, target, title) for (bucket, target), title in titles.items()]


def _one(
    milepost: Milepost, work: UnitOfWork, actor: Actor, row: Experience
) -> ExperienceView:
    catalog = milepost.catalogs.current(work, actor.school_id)
    return view_of(
        row,
        work.credits.shares(actor.school_id, row.student_id),
        titles_of(work, actor, catalog, row.student_id),
        policy_for(work, school_of(work, actor)),
        actor.language,
    )
