"""The audit's page for counselors, and the student's page of ideas (A9, O2, O5)."""

from door import Door
from little_school import LittleSchool

from pathways.store.models import Person

GROUPS = "student,group\nstudent,north\n"


def fill(little: LittleSchool, count: int = 12) -> None:
    """Add two groups of students that are large enough to be shown."""
    with little.milepost.work() as work:
        for number in range(2 * count):
            work.people.add(
                Person(
                    school_id=little["student"].school_id,
                    role="student",
                    username=f"pupil{number}",
                    source_id=f"P{number}",
                    given_name="Pupil",
                    family_name=str(number),
                    language=("en", "es")[number % 2],
                    grade=(8, 11)[number % 2],
                    active=True,
                )
            )
        work.commit()


def test_the_page_asks_before_it_looks(door: Door) -> None:
    page = door.page("counselor", "GET", "/equity").text
    assert "Who is offered what" in page
    assert "<table" not in page
    assert 'aria-current="page">Fairness' in page


def test_groups_are_shown_with_counts_in_tables_and_bars(
    door: Door, little: LittleSchool
) -> None:
    fill(little)
    page = door.page("counselor", "GET", "/equity?by=language").text
    assert page.count('<th scope="row">Language') == 4
    assert "26 students were looked at again" in page
    assert "Not one ranking, score or reason changed." in page
    assert page.count("<svg") - page.count("icons.svg") >= 3
    assert "Pupil" not in page
    assert 'role="status"' in page


def test_small_groups_are_hidden_and_only_chosen_grades_count(
    door: Door, little: LittleSchool
) -> None:
    fill(little)
    page = door.page("counselor", "GET", "/equity?by=grade&grade=11").text
    assert "13 students" in page
    page = door.page("counselor", "GET", "/equity?by=grade").text
    assert "Hidden: fewer than 10 students" in page
    assert "<td>12</td>" in page or "<td>13</td>" in page


def upload(door: Door, content: bytes) -> str:
    secret = door.secret("counselor")
    door.client.cookies.set("milepost_session", secret)
    answer = door.client.post(
        "/equity",
        data={"csrf": door.csrf(secret)},
        files={"groups": ("groups.csv", content, "text/csv")},
    )
    return f"{answer.status_code} {answer.text}"


def test_groups_of_a_file_are_read_and_forgotten(
    door: Door, little: LittleSchool
) -> None:
    fill(little)
    rows = "".join(f"pupil{n},{'ab'[n % 2]}-team\n" for n in range(24))
    page = upload(door, f"student,group\n{rows}".encode())
    assert page.startswith("200")
    assert "A-team" in page and "B-team" in page
    assert "Not in the file" in page
    for wrong in (b"", b"\xff\xfe", b"name,team\nx,y\n"):
        assert upload(door, wrong).startswith("422")


def test_a_student_says_hours_and_places_on_the_page(door: Door) -> None:
    path, form = "/ideas/availability", {"hours": "4.5", "place": "Columbus"}
    assert door.page("student", "POST", path, which="some", **form).status_code == 303
    page = door.page("student", "GET", "/ideas?done=availability").text
    assert "I will use it from now on" in page
    assert 'value="4.5"' in page
    assert 'value="Columbus" checked' in page
    again = door.page("student", "POST", "/ideas/availability", hours="many")
    assert again.status_code == 422
    assert "Write hours from 0 to 60" in again.text
    assert 'value="many"' in again.text
    door.page("student", "POST", "/ideas/availability")
    assert (
        "checked"
        not in door.page("student", "GET", "/ideas").text.partition('name="place"')[2]
    )


def test_the_page_shows_jobs_of_many_fields(door: Door) -> None:
    empty = door.page("student", "GET", "/ideas").text
    assert "Tell me what you like" in empty
    page = door.page("student", "GET", "/ideas?riasec=SI").text
    assert page.count("<article") == 8
    wrong = door.page("student", "GET", "/ideas?riasec=xx").text
    assert 'aria-invalid="true"' in wrong
