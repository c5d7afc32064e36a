"""The age gate: who needs a yes, and what a no does (trust P7)."""

from datetime import date, timedelta

import pytest

from pathways.domain.consent import (
    Consent,
    Gate,
    family_may_withdraw,
    gate_of,
    under_age,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("born", "grade", "young"),
    [
        (date(2013, 11, 21), 7, False),  # thirteen today
        (date(2013, 11, 22), 7, True),  # thirteen tomorrow
        (date(2013, 11, 22), 12, True),  # the birth date counts, not the grade
        (date(2009, 1, 1), None, False),
        (None, 8, True),
        (None, 9, False),
        (None, None, True),
    ],
)
def test_under_thirteen_or_perhaps_so(
    born: date | None, grade: int | None, young: bool
) -> None:
    assert under_age(born, grade, TODAY) is young


@pytest.mark.parametrize(
    ("state", "needed", "gate"),
    [
        (Consent.NONE, False, Gate.OPEN),
        (Consent.NONE, True, Gate.NEEDED),
        (Consent.GIVEN, True, Gate.OPEN),
        (Consent.GIVEN, False, Gate.OPEN),
        (Consent.WITHDRAWN, True, Gate.WITHDRAWN),
        (Consent.WITHDRAWN, False, Gate.WITHDRAWN),
    ],
)
def test_a_no_counts_at_any_age_and_a_yes_where_it_is_needed(
    state: Consent, needed: bool, gate: Gate
) -> None:
    assert gate_of(state, needed) is gate


def test_a_students_own_choice_closes_and_never_opens() -> None:
    assert gate_of(Consent.NONE, False, off=True) is Gate.OWN
    assert gate_of(Consent.GIVEN, True, off=True) is Gate.OWN
    assert gate_of(Consent.NONE, True, off=True) is Gate.NEEDED
    assert gate_of(Consent.WITHDRAWN, False, off=True) is Gate.WITHDRAWN


def test_the_family_has_its_say_until_eighteen() -> None:
    eighteen = date(2008, 11, 21)
    assert not family_may_withdraw(eighteen, TODAY)
    assert family_may_withdraw(eighteen + timedelta(days=1), TODAY)
    assert family_may_withdraw(None, TODAY)
