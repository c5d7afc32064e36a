"""Back-off, sessions and codes: who gets in, who waits, who is put out (X12)."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from little_school import LittleSchool, session_of
from live import PASSWORD
from sqlalchemy import text

from pathways.services import second_factor, sessions
from pathways.services.back_off import ACCOUNT, TooManyTries
from pathways.services.errors import Invalid, NotFound
from pathways.services.second_factor import Needs
from pathways.services.sign_in import ABSOLUTE, IDLE_STAFF, Caller, actor_for, sign_in

HERE = Caller("192.0.2.7", "Firefox, Linux")


def failed(little: LittleSchool, name: str, password: str = "wrong") -> Invalid:
    with pytest.raises(Invalid) as raised:
        sign_in(little.milepost, name, password, HERE)
    return raised.value


def later(little: LittleSchool, wait: timedelta) -> None:
    little.clock.now += wait


@pytest.mark.parametrize("name", ["student", "nobody.at.all"])
def test_after_five_failures_a_name_waits_whether_or_not_anybody_has_it(
    name: str, little: LittleSchool
) -> None:
    for _ in range(ACCOUNT.tries):
        assert "don't match" in str(failed(little, name))
    closed = failed(little, name, PASSWORD)
    assert isinstance(closed, TooManyTries)
    assert str(closed) == "Too many tries. Please wait 30 seconds."


def test_the_wait_doubles_up_to_its_longest_and_a_good_try_ends_it(
    little: LittleSchool,
) -> None:
    for _ in range(ACCOUNT.tries):
        failed(little, "student")
    waits = []
    for _ in range(8):
        closed = failed(little, "student")
        assert isinstance(closed, TooManyTries)
        waits.append(closed.seconds)
        later(little, timedelta(seconds=closed.seconds))
        failed(little, "student")
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    later(little, ACCOUNT.longest_wait)
    assert sign_in(little.milepost, "student", PASSWORD, HERE)
    assert "don't match" in str(failed(little, "student"))


def test_guessing_many_names_from_one_address_is_slowed(little: LittleSchool) -> None:
    with little.milepost.engine.begin() as connection:
        before = connection.execute(text("SELECT count(*) FROM sign_in_try")).scalar()
    failed(little, "someone")
    with little.milepost.engine.begin() as connection:
        rows = connection.execute(text("SELECT id FROM sign_in_try")).scalars().all()
        connection.execute(text("UPDATE sign_in_try SET failures = 99"))
    assert len(rows) == (before or 0) + 2
    assert not any("someone" in row or "192" in row for row in rows)
    later(little, timedelta(seconds=1))
    failed(little, "another.name")
    assert isinstance(failed(little, "a.third.name"), TooManyTries)
    assert sign_in(little.milepost, "student", PASSWORD, Caller("192.0.2.8"))


def test_tries_at_the_same_moment_do_not_get_past_the_count(
    little: LittleSchool,
) -> None:
    def one(_: int) -> bool:
        return isinstance(failed(little, "student"), TooManyTries)

    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(one, range(16)))
    assert refused.count(False) == ACCOUNT.tries


def test_a_person_sees_and_ends_their_sessions(little: LittleSchool) -> None:
    milepost, actor = little.milepost, little["student"]
    mine, other = (session_of(milepost, actor.id) for _ in range(2))
    listed = sessions.own_sessions(milepost, actor, mine)
    assert [one.device for one in listed] == ["Firefox, Linux"] * 2
    away = next(one.id for one in listed if not one.here)
    assert away not in (mine, other)
    sessions.end_session(milepost, actor, away)
    assert actor_for(milepost, mine) and actor_for(milepost, other) is None
    assert sessions.end_all(milepost, actor) == 1
    assert actor_for(milepost, mine) is None


def test_an_administrator_ends_sessions_and_it_is_on_record(
    little: LittleSchool,
) -> None:
    milepost, admin, advisor = little.milepost, little["admin"], little["advisor"]
    secret = session_of(milepost, advisor.id)
    sessions.end_all_of(milepost, admin, advisor.id)
    assert actor_for(milepost, secret) is None
    events = sessions.account(milepost, admin, advisor.id).events
    assert [(one.who, one.what) for one in events] == [("Admin Test", sessions.ENDED)]
    with pytest.raises(NotFound):
        sessions.end_all_of(milepost, little["far_admin"], advisor.id)


def test_a_session_ends_when_idle_and_after_twelve_hours(
    little: LittleSchool,
) -> None:
    secret = session_of(little.milepost, little["advisor"].id)
    for _ in range(int(ABSOLUTE / timedelta(minutes=10))):
        assert actor_for(little.milepost, secret)
        later(little, timedelta(minutes=10))
    later(little, timedelta(minutes=1))
    assert actor_for(little.milepost, secret) is None
    idle = session_of(little.milepost, little["advisor"].id)
    later(little, IDLE_STAFF + timedelta(seconds=1))
    assert actor_for(little.milepost, idle) is None


def app_of(little: LittleSchool, secret: str) -> pyotp.TOTP:
    lacks = second_factor.waiting(little.milepost, secret)
    assert lacks is not None and lacks.needs is Needs.ENROL
    made = pyotp.parse_uri(lacks.address)
    assert isinstance(made, pyotp.TOTP)
    assert made.secret == lacks.key.replace(" ", "")
    return made


def enrolled(little: LittleSchool) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Set up the advisor's app; the code of this moment is used up."""
    actor = little["advisor"]
    secret = session_of(little.milepost, actor.id)
    second_factor.start(little.milepost, actor, secret, PASSWORD)
    assert actor_for(little.milepost, secret) is None
    app = app_of(little, secret)
    passed = second_factor.pass_code(little.milepost, secret, app.at(little.clock.now))
    assert actor_for(little.milepost, passed.secret) == actor
    assert actor_for(little.milepost, secret) is None
    return app, passed.recovery_codes


def test_a_new_app_uses_sha_256_and_an_old_one_that_can_not_still_gets_in(
    little: LittleSchool,
) -> None:
    """ASVS 11.4.1."""
    app, _ = enrolled(little)
    assert app.digest is hashlib.sha256
    later(little, timedelta(minutes=1))
    old = pyotp.TOTP(app.secret, digest=hashlib.sha1)
    code = old.at(little.clock.now)
    assert code != app.at(little.clock.now)
    second_factor.pass_code(little.milepost, half_in(little), code)
    with pytest.raises(Invalid):  # the same moment, by the other way
        second_factor.pass_code(
            little.milepost, half_in(little), app.at(little.clock.now)
        )


def half_in(little: LittleSchool) -> str:
    secret = sign_in(little.milepost, "advisor", PASSWORD, HERE)
    assert actor_for(little.milepost, secret) is None
    lacks = second_factor.waiting(little.milepost, secret)
    assert lacks is not None and (lacks.needs, lacks.key) == (Needs.CODE, "")
    return secret


def test_a_password_alone_opens_nothing_once_there_is_an_app(
    little: LittleSchool,
) -> None:
    app, _ = enrolled(little)
    used = app.at(little.clock.now)
    with pytest.raises(Invalid):
        second_factor.pass_code(little.milepost, half_in(little), used)
    later(little, timedelta(seconds=60))
    fresh = app.at(little.clock.now)
    passed = second_factor.pass_code(little.milepost, half_in(little), fresh)
    assert actor_for(little.milepost, passed.secret) == little["advisor"]
    assert passed.recovery_codes == ()


def test_codes_can_not_be_guessed_for_long(little: LittleSchool) -> None:
    app, _ = enrolled(little)
    later(little, timedelta(seconds=60))
    right = app.at(little.clock.now)
    wrong = f"{(int(right) + 500_000) % 1_000_000:06d}"
    secret = half_in(little)
    for _ in range(ACCOUNT.tries):
        with pytest.raises(Invalid, match="doesn't fit"):
            second_factor.pass_code(little.milepost, secret, wrong)
    with pytest.raises(TooManyTries):
        second_factor.pass_code(little.milepost, secret, right)


def test_a_recovery_code_works_once_and_none_is_stored(little: LittleSchool) -> None:
    app, codes = enrolled(little)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    with little.milepost.engine.connect() as connection:
        dump = str(
            [
                connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
                for table in ("recovery_code", "second_factor", "sign_in")
            ]
        )
    assert app.secret not in dump
    assert not any(one in dump or one.replace("-", "") in dump for one in codes)
    passed = second_factor.pass_code(little.milepost, half_in(little), codes[0].upper())
    assert actor_for(little.milepost, passed.secret)
    with pytest.raises(Invalid):
        second_factor.pass_code(little.milepost, half_in(little), codes[0])
    assert second_factor.view(little.milepost, little["advisor"]).recovery_left == 9


def test_staff_must_holds_at_the_next_sign_in_and_for_staff_alone(
    little: LittleSchool,
) -> None:
    second_factor.staff_must(little.milepost, little["admin"], True)
    advisor = sign_in(little.milepost, "advisor", PASSWORD, HERE)
    assert actor_for(little.milepost, advisor) is None
    app = app_of(little, advisor)
    code = app.at(little.clock.now)
    assert second_factor.pass_code(little.milepost, advisor, code).recovery_codes
    for name in ("student", "family", "far_advisor"):
        secret = sign_in(little.milepost, name, PASSWORD, HERE)
        assert actor_for(little.milepost, secret) == little[name]


def test_another_half_session_never_sees_the_key_of_an_app(
    little: LittleSchool,
) -> None:
    second_factor.staff_must(little.milepost, little["admin"], True)
    first, second = (
        sign_in(little.milepost, "advisor", PASSWORD, HERE) for _ in range(2)
    )
    spied = app_of(little, second)
    app = app_of(little, first)
    assert spied.secret != app.secret
    second_factor.pass_code(little.milepost, first, app.at(little.clock.now))
    lacks = second_factor.waiting(little.milepost, second)
    assert lacks is not None and lacks.address == ""
    later(little, timedelta(seconds=60))
    with pytest.raises(Invalid):
        code = spied.at(little.clock.now)
        second_factor.pass_code(little.milepost, second, code)


def test_an_administrator_resets_an_app_and_it_is_on_record(
    little: LittleSchool,
) -> None:
    app, _ = enrolled(little)
    admin, advisor = little["admin"], little["advisor"]
    running = session_of(little.milepost, advisor.id)
    second_factor.reset(little.milepost, admin, advisor.id)
    assert second_factor.waiting(little.milepost, running) is None
    secret = sign_in(little.milepost, "advisor", PASSWORD, HERE)
    assert actor_for(little.milepost, secret) == advisor
    account = sessions.account(little.milepost, admin, advisor.id)
    assert not account.has_code
    assert {one.what for one in account.events} == {
        second_factor.SET_UP,
        second_factor.RESET,
    }
    assert app.secret
