"""Who looked at what, for the administrator of that school (A3)."""

from __future__ import annotations

from datetime import date

from little_school import LittleSchool

from pathways.services import goals, mastery
from pathways.services.access_log import Asked, access_log


def test_an_administrator_finds_looks_by_name_kind_and_day(
    little: LittleSchool,
) -> None:
    advisor, student, admin = (
        little["advisor"],
        little["student"],
        little["admin"],
    )
    goals.list_goals(little.milepost, advisor, student.id)
    mastery.profile(little.milepost, advisor, student.id)

    def found(asked: Asked) -> list[str]:
        return [one.what for one in access_log(little.milepost, admin, asked).rows]

    today = little.clock().date()
    assert found(Asked()) == ["mastery", "goals"]
    assert found(Asked(what="goals")) == ["goals"]
    assert found(Asked(name="advisor TEST")) == ["mastery", "goals"]
    assert found(Asked(name="nobody")) == []
    assert found(Asked(since=today, until=today)) == ["mastery", "goals"]
    assert found(Asked(until=date(2020, 1, 1))) == []
    elsewhere = access_log(little.milepost, little["far_admin"], Asked())
    assert elsewhere.rows == () and elsewhere.kinds == ()
