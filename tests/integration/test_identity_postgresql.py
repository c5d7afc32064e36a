"""Sign-in, codes and consent on PostgreSQL, and the schema down and up again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from alembic import command
from live import HASH, PASSWORD
from sqlalchemy import inspect
from test_postgresql import address  # noqa: F401
from test_privacy_postgresql import databases, person, school  # noqa: F401

from pathways.app import Milepost
from pathways.domain.consent import Consent, GivenBy
from pathways.services import consents, conversation, second_factor, sessions
from pathways.services.back_off import ACCOUNT, TooManyTries
from pathways.services.consents import Said, put_down
from pathways.services.errors import ConsentNeeded, Invalid
from pathways.services.sign_in import Caller, actor_for, sign_in
from pathways.store.base import Base
from pathways.store.migrate import configuration, upgrade
from pathways.store.models import Person

HERE = Caller("192.0.2.7", "Firefox, Linux")


@pytest.fixture
def milepost(school: Milepost) -> Milepost:  # noqa: F811
    with school.work() as work:
        for name in ("student", "admin"):
            found = work.people.by_username(name)
            assert found is not None
            found.password_hash = HASH
        work.commit()
    return school


def test_the_newest_versions_go_down_and_up_again(milepost: Milepost) -> None:
    url = milepost.settings.database_url
    milepost.engine.dispose()
    command.downgrade(configuration(url), "0013")
    names = set(inspect(milepost.engine).get_table_names())
    assert {"consent_entry", "second_factor", "sign_in_try"} & names == set()
    upgrade(url)
    found = inspect(milepost.engine)
    assert set(Base.metadata.tables) <= set(found.get_table_names())
    for table in ("person", "consent_entry", "second_factor"):
        columns = {one["name"] for one in found.get_columns(table)}
        assert columns == {one.name for one in Base.metadata.tables[table].columns}


def test_tries_at_the_same_moment_are_all_counted(milepost: Milepost) -> None:
    def one(_: int) -> str:
        try:
            sign_in(milepost, "student", "wrong", HERE)
        except TooManyTries:
            return "closed"
        except Invalid:
            return "wrong"
        return "in"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(20)))
    assert found.count("wrong") == ACCOUNT.tries
    assert found.count("closed") == 20 - ACCOUNT.tries
    with pytest.raises(TooManyTries):
        sign_in(milepost, "student", PASSWORD, HERE)


def test_a_code_lets_in_once_though_sent_twice_at_once(milepost: Milepost) -> None:
    admin = person(milepost, "admin")
    secret = sign_in(milepost, "admin", PASSWORD, HERE)
    second_factor.start(milepost, admin, secret, PASSWORD)
    lacks = second_factor.waiting(milepost, secret)
    assert lacks is not None
    totp = pyotp.TOTP(lacks.key.replace(" ", ""))

    def code(ahead: int) -> str:
        return totp.at(int(milepost.clock().timestamp()) + 30 * ahead)

    passed = second_factor.pass_code(milepost, secret, code(0))
    assert actor_for(milepost, passed.secret) == admin
    waiting = [sign_in(milepost, "admin", PASSWORD, HERE) for _ in range(4)]
    again = code(1)

    def enter(one: str) -> bool:
        try:
            second_factor.pass_code(milepost, one, again)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(enter, waiting)).count(True) == 1
    assert sessions.end_all(milepost, admin) > 0


def test_consent_holds_at_once_and_is_noted_once(milepost: Milepost) -> None:
    student, admin = person(milepost, "student"), person(milepost, "admin")
    conversation.receive(milepost, student, "m1", "hello")

    def withdraw(_: int) -> None:
        with milepost.work() as work:
            row = work.session.get_one(Person, student.id)
            said = Said(Consent.WITHDRAWN, GivenBy.FAMILY, milepost.day())
            put_down(work, row, said, admin.id, milepost.clock())
            work.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(withdraw, range(8)))
    with pytest.raises(ConsentNeeded):
        conversation.receive(milepost, student, "m2", "still here")
    assert len(conversation.messages(milepost, student)) == 1
    found = consents.of_student(milepost, admin, student.id)
    assert found is not None
    assert [one.state for one in found.history] == [Consent.WITHDRAWN]
