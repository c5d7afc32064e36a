"""The columns of O*NET tables, each under every name that a release gives it."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.formats.facts import Names, names_of

CODE = names_of("O*NET-SOC Code", "onetsoc_code", "onet_soc_code")
TITLE = names_of("Title")
DESCRIPTION = names_of("Description")
ELEMENT = names_of("Element ID")
ELEMENT_NAME = names_of("Element Name")
SCALE = names_of("Scale ID")
VALUE = names_of("Data Value")
SUPPRESS = names_of("Recommend Suppress")
NOT_RELEVANT = names_of("Not Relevant")
CATEGORY = names_of("Category")
CATEGORY_TEXT = names_of("Category Description")
ZONE = names_of("Job Zone")
ZONE_NAME = names_of("Name")
RELATED = names_of("Related O*NET-SOC Code", "related_onetsoc_code")
TIER = names_of("Relatedness Tier")
INDEX = names_of("Index", "Related Index")
OTHER_TITLE = names_of("Alternate Title", "Job Title", "Alternate Job Title")
REPORTED = names_of("Reported Job Title")
SHOWN = names_of("Shown in My Next Move")
ZONE_COLUMNS = {
    "name": ZONE_NAME,
    "experience": names_of("Experience"),
    "education": names_of("Education"),
    "training": names_of("Job Training"),
    "examples": names_of("Examples"),
    "svp_range": names_of("SVP Range"),
}
NEEDED: Mapping[str, Mapping[str, Names]] = {
    "interests": {
        "Element Name": ELEMENT_NAME,
        "Scale ID": SCALE,
        "Data Value": VALUE,
    },
    "job_zones": {"Job Zone": ZONE},
    "skills": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "knowledge": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "work_values": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "education": {"Category": CATEGORY, "Data Value": VALUE},
    "related": {"Related O*NET-SOC Code": RELATED},
    "titles": {"Alternate Title": OTHER_TITLE},
    "reported": {"Reported Job Title": REPORTED},
}
