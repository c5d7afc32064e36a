"""Which passwords are taken, changing one's own, one-time ones (X12; ASVS 6.2, 6.4)."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from little_school import LittleSchool, session_of
from live import PASSWORD
from sqlalchemy import text
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from pathways.services import accounts, passwords, second_factor, sessions
from pathways.services.back_off import ACCOUNT, TooManyTries
from pathways.services.errors import Invalid, NotFound
from pathways.services.looks import list_looks
from pathways.services.passwords import NotProven, WeakPassword, checked
from pathways.services.second_factor import Needs, waiting
from pathways.services.sign_in import Caller, actor_for, sign_in

NEW = "otters under the old bridge"


def refused(password: str, *words: str) -> str:
    with pytest.raises(WeakPassword) as raised:
        checked(password, *words)
    return raised.value.why


def test_the_commonest_passwords_of_breaches_are_refused() -> None:
    """ASVS 6.2.4, 6.2.12: the 3,000 commonest that are long enough, tried singly."""
    long_enough = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= 8]
    assert len(long_enough) > 10_000
    taken = []
    for one in [*long_enough[:3000], *long_enough[3000::100]]:
        try:
            taken.append(checked(one))
        except WeakPassword:
            continue
    assert taken == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("otter-7", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaa", "easy"),
        ("Passw0rd!", "easy"),
        ("milepost1", "easy"),
        ("riverbend1", "easy"),
        ("lindholm2", "easy"),
    ],
)
def test_short_and_easy_ones_and_names_around_a_person_are_refused(
    password: str, why: str
) -> None:
    assert refused(password, "riverbend", "lindholm") == why


@pytest.mark.parametrize(
    "password",
    [
        NEW,
        "b" + "🦦" * 7 + "ñandú",
        "".join(f"otter {n} bridge " for n in range(13))[:200],
        "tr7$kz!q",
    ],
)
def test_any_signs_are_taken_and_nothing_is_cut_off(
    password: str, little: LittleSchool
) -> None:
    """ASVS 6.2.5, 6.2.8, 6.2.9: up to 200 characters, all of them checked."""
    accounts.set_password(little.milepost, "student", password)
    assert sign_in(little.milepost, "student", password)
    with pytest.raises(Invalid):
        sign_in(little.milepost, "student", password[:-1])


def test_a_person_changes_their_password_and_other_sessions_end(
    little: LittleSchool,
) -> None:
    """ASVS 6.2.2, 6.2.3, 7.2.4, 7.4.3."""
    milepost, actor = little.milepost, little["student"]
    here, elsewhere = (session_of(milepost, actor.id) for _ in range(2))
    fresh = passwords.change(milepost, actor, here, PASSWORD, NEW)
    assert actor_for(milepost, fresh) == actor
    assert actor_for(milepost, here) is None
    assert actor_for(milepost, elsewhere) is None
    assert sign_in(milepost, "student", NEW)
    with pytest.raises(Invalid):
        sign_in(milepost, "student", PASSWORD)
    events = sessions.account(milepost, little["admin"], actor.id).events
    assert [(one.who, one.what) for one in events] == [
        ("Student Test", passwords.CHANGED)
    ]


def test_nothing_changes_without_the_old_password_or_with_an_easy_new_one(
    little: LittleSchool,
) -> None:
    milepost, actor = little.milepost, little["student"]
    here = session_of(milepost, actor.id)
    with pytest.raises(NotProven):
        passwords.change(milepost, actor, here, "wrong-otter", NEW)
    for new, why in ((PASSWORD, "same"), ("password1", "easy"), ("otter", "short")):
        with pytest.raises(WeakPassword) as raised:
            passwords.change(milepost, actor, here, PASSWORD, new)
        assert raised.value.why == why
    assert actor_for(milepost, here) == actor
    assert sign_in(milepost, "student", PASSWORD)


def test_the_old_password_can_not_be_guessed_from_an_open_session(
    little: LittleSchool,
) -> None:
    milepost, actor = little.milepost, little["student"]
    here = session_of(milepost, actor.id)
    for _ in range(ACCOUNT.tries):
        with pytest.raises(NotProven):
            passwords.change(milepost, actor, here, "wrong-otter", NEW)
    with pytest.raises(TooManyTries):
        passwords.change(milepost, actor, here, PASSWORD, NEW)


def test_a_one_time_password_leads_to_an_own_one_and_to_nothing_else(
    little: LittleSchool,
) -> None:
    """ASVS 6.4.1."""
    milepost, student = little.milepost, little["student"]
    running = session_of(milepost, student.id)
    made = passwords.give(milepost, little["admin"], student.id)
    assert actor_for(milepost, running) is None
    assert checked(made) == made
    secret = sign_in(milepost, "student", made)
    assert actor_for(milepost, secret) is None
    lacks = waiting(milepost, secret)
    assert lacks is not None and lacks.needs is Needs.PASSWORD
    with pytest.raises(WeakPassword) as raised:
        passwords.choose(milepost, secret, made)
    assert raised.value.why == "same"
    fresh = passwords.choose(milepost, secret, NEW)
    assert actor_for(milepost, fresh) == student
    with pytest.raises(Invalid):
        passwords.choose(milepost, fresh, "herons over the old bridge")
    with pytest.raises(Invalid):
        sign_in(milepost, "student", made)


def test_programs_can_not_use_a_one_time_password(little: LittleSchool) -> None:
    made = passwords.give(little.milepost, little["admin"], little["student"].id)
    with pytest.raises(Invalid, match="choose your own password"):
        second_factor.sign_in_with_code(
            little.milepost, "student", made, "", Caller("192.0.2.7")
        )


def test_a_one_time_password_runs_out_before_and_after_the_sign_in(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    made = passwords.give(milepost, little["admin"], student.id)
    little.clock.now += passwords.ONE_TIME - timedelta(minutes=1)
    secret = sign_in(milepost, "student", made)
    little.clock.now += timedelta(minutes=2)
    with pytest.raises(Invalid, match="sign in again"):
        passwords.choose(milepost, secret, NEW)
    with pytest.raises(Invalid, match="has run out"):
        sign_in(milepost, "student", made)


def test_a_reset_is_random_on_record_seen_by_the_student_and_for_admins(
    little: LittleSchool,
) -> None:
    milepost, admin, student = little.milepost, little["admin"], little["student"]
    made = {passwords.give(milepost, admin, student.id) for _ in range(3)}
    assert len(made) == 3
    with milepost.engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM person")).all())
    assert not any(one in stored for one in made)
    account = sessions.account(milepost, admin, student.id)
    assert [one.what for one in account.events] == [passwords.GIVEN] * 3
    assert "password" in {one.what for one in list_looks(milepost, student)}
    for name in ("far_admin", "counselor", "advisor", "student"):
        with pytest.raises(NotFound):
            passwords.give(milepost, little[name], student.id)


def test_who_may_not_give_a_password_costs_no_hash(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash takes a tenth of a second of a core and 64 MB: not for any stranger."""
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", hashed.append)
    with pytest.raises(NotFound):
        passwords.give(little.milepost, little["advisor"], little["student"].id)
    assert hashed == []


def test_a_person_of_the_schools_own_sign_in_proves_it_by_a_fresh_one(
    little: LittleSchool,
) -> None:
    """ASVS 7.5.1, 7.5.2."""
    milepost, advisor = little.milepost, little["advisor"]
    with milepost.work() as work:
        person = work.people.by_id(advisor.id)
        assert person is not None
        person.password_hash = None
        work.commit()
    secret = session_of(milepost, advisor.id)
    passwords.confirm(milepost, advisor, secret, "")
    little.clock.now += passwords.FRESH + timedelta(seconds=1)
    with pytest.raises(NotProven) as raised:
        passwords.confirm(milepost, advisor, secret, "")
    assert raised.value.why == "stale"
    with pytest.raises(NotFound):
        passwords.change(milepost, advisor, secret, "", NEW)


def test_a_code_app_is_not_set_up_without_the_password_and_stays_after_a_reset(
    little: LittleSchool,
) -> None:
    """ASVS 6.4.3, 7.5.1."""
    import pyotp

    milepost, advisor = little.milepost, little["advisor"]
    secret = session_of(milepost, advisor.id)
    with pytest.raises(NotProven):
        second_factor.start(milepost, advisor, secret, "wrong-otter")
    second_factor.start(milepost, advisor, secret, PASSWORD)
    lacks = waiting(milepost, secret)
    assert lacks is not None
    app = pyotp.parse_uri(lacks.address)
    assert isinstance(app, pyotp.TOTP)
    second_factor.pass_code(milepost, secret, app.at(little.clock.now))
    made = passwords.give(milepost, little["admin"], advisor.id)
    little.clock.now += timedelta(minutes=1)
    half = sign_in(milepost, "advisor", made)
    lacks = waiting(milepost, half)
    assert lacks is not None and lacks.needs is Needs.CODE
    with pytest.raises(Invalid):
        passwords.choose(milepost, half, NEW)
    passed = second_factor.pass_code(milepost, half, app.at(little.clock.now)).secret
    assert actor_for(milepost, passed) is None
    assert actor_for(milepost, passwords.choose(milepost, passed, NEW)) == advisor


def test_each_try_is_logged_by_kind_and_result_without_a_name(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 16.2.1, 16.3.1; X10."""
    told: list[dict[str, object]] = []

    class Log:
        def info(self, event: str, **more: object) -> None:
            told.append({"event": event, **more})

    monkeypatch.setattr("pathways.services.sign_in.log", Log())
    milepost = little.milepost
    sign_in(milepost, "student", PASSWORD)
    for name in ("student", "nobody.at.all"):
        with pytest.raises(Invalid):
            sign_in(milepost, name, "wrong-otter")
    mark, _ = accounts.marks(milepost, "student")
    assert [(one["by"], one["good"], one["mark"] == mark) for one in told] == [
        ("password", True, True),
        ("password", False, True),
        ("password", False, False),
    ]
    assert {one["event"] for one in told} == {"identity.tried"}
    assert "student" not in str(told) and "nobody" not in str(told)


def test_recovery_codes_hold_more_bits_than_a_hash_gives_away(
    little: LittleSchool,
) -> None:
    """ASVS 6.5.2: at least 112 bits, or a slow hash."""
    signs = second_factor.CODE_GROUPS * second_factor.CODE_GROUP
    assert signs * math.log2(31) >= 112
