"""A mentor confirms hours by a signed link that expires, without an account (A8).

The link carries two ids and a day, signed; it holds no name and no hours. Whoever
has it sees one entry, once answered never again. What is secret stands after the "#",
which no browser sends: it is in no address that a server or a proxy writes down.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from pathways.app import Milepost
from pathways.domain.experience import Standing
from pathways.services.access import Actor, Role, require
from pathways.services.errors import Invalid, NotFound
from pathways.store.credit_models import Experience
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

SALT = "mentor-confirms-hours"
LASTS = timedelta(days=30)
LONGEST, LONGEST_NAME = 500, 200


@dataclass(frozen=True)
class ToConfirm:
    """What a mentor gets to see: a given name, what was done, when, how long."""

    student: str
    school: str
    what: str
    place: str
    first_day: date
    last_day: date
    hours: float
    language: str
    answered: str


def mentor_link(
    milepost: Milepost, actor: Actor, experience_id: str
) -> tuple[str, datetime]:
    """Return the path for a mentor, and the moment from which it is dead.

    Raises:
        NotFound: it is not the student's own entry, or it no longer waits.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        row = work.credits.experience(actor.school_id, experience_id)
        if row is None or row.student_id != actor.id:
            raise NotFound("The experience")
        if row.standing != Standing.LOGGED:
            raise NotFound("The experience")
    ends = milepost.clock() + LASTS
    token = _signer(milepost).dumps([actor.school_id, row.id, int(ends.timestamp())])
    return f"/confirm#{token}", ends


def read_link(milepost: Milepost, token: str) -> ToConfirm:
    """Return what a link asks a mentor to confirm.

    Raises:
        NotFound: the link was changed, has expired, or its entry was corrected.
    """
    with milepost.work() as work:
        return _shown(work, _entry(milepost, work, token))


def answer_link(
    milepost: Milepost, token: str, agrees: bool, name: str, words: str = ""
) -> ToConfirm:
    """Take a mentor's answer; the first one counts.

    Args:
        milepost: the product.
        token: of the link, or the whole link.
        agrees: whether the hours are right.
        name: who answers, as they write it.
        words: what is different, needed where they do not agree.

    Raises:
        Invalid: the name or the words are missing.
        NotFound: as in `read_link`.
    """
    with milepost.work() as work:
        row = _entry(milepost, work, token)
        if row.standing != Standing.LOGGED:
            return _shown(work, row)
        if not name.strip():
            raise Invalid(say(row.language, "experience.need_name"), "name")
        if not agrees and not words.strip():
            raise Invalid(say(row.language, "experience.need_words"), "words")
        row.standing = Standing.CONFIRMED if agrees else Standing.DISPUTED
        row.answered_by, row.answered_at = name.strip()[:LONGEST_NAME], milepost.clock()
        row.answer = words.strip()[:LONGEST]
        work.commit()
        return _shown(work, row)


def _signer(milepost: Milepost) -> URLSafeSerializer:
    return URLSafeSerializer(
        milepost.settings.session_secret,
        salt=SALT,
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def _entry(milepost: Milepost, work: UnitOfWork, token: str) -> Experience:
    try:
        school_id, entry_id, ends = _signer(milepost).loads(
            token.rpartition("#")[2].strip()
        )
    except (BadSignature, ValueError, TypeError):
        raise NotFound("The link") from None
    row = work.credits.experience(school_id, entry_id)
    gone = row is None or row.standing in (Standing.CORRECTED, Standing.TAKEN_OUT)
    if row is None or gone or milepost.clock().timestamp() > ends:
        raise NotFound("The link")
    return row


def _shown(work: UnitOfWork, row: Experience) -> ToConfirm:
    student = work.people.by_id(row.student_id)
    school = work.people.school(row.school_id)
    if student is None or school is None:
        raise NotFound("The link")
    return ToConfirm(
        student.given_name,
        school.name,
        row.what,
        row.place,
        row.first_day,
        row.last_day,
        row.hours,
        row.language,
        "" if row.standing == Standing.LOGGED else row.standing,
    )
