"""What kinds of published facts Milepost keeps beside a school's catalog."""

from __future__ import annotations

from enum import StrEnum


class FactSort(StrEnum):
    """A kind of published fact; the comment of each says what its code is."""

    # O*NET-SOC code
    OCCUPATION = "occupation"
    SKILLS = "skills"
    KNOWLEDGE = "knowledge"
    WORK_VALUES = "work_values"
    EDUCATION = "education"
    RELATED = "related"
    TITLES = "titles"
    # number of the job zone
    JOB_ZONE = "job_zone"
    # SOC code
    WAGE = "wage"
    OUTLOOK = "outlook"
    CLUSTERS = "clusters"
    # SCED code; code of an option, its set as the area
    COURSE_CODE = "course_code"
    COURSE_OPTION = "course_option"
    # CASE identifier, its framework as the area
    COMPETENCY = "competency"
