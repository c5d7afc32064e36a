"""The 14 career clusters, and where each of the older 16 went (design: data, 4).

The 14 are those of the framework of October 2024. Perkins reports, CEDS and Ohio's
career fields still count 16. The mapping is Milepost's own reading of both lists; a
cluster that was split names the one that holds most of it first. Science,
technology, engineering and mathematics is no cluster any more: its occupations in
SOC groups 17 and 19 stand mostly in the clusters given here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CLUSTERS: Mapping[str, str] = {
    "advanced_manufacturing": "Advanced Manufacturing",
    "agriculture": "Agriculture",
    "arts_entertainment_design": "Arts, Entertainment, and Design",
    "construction": "Construction",
    "digital_technology": "Digital Technology",
    "education": "Education",
    "energy_natural_resources": "Energy and Natural Resources",
    "financial_services": "Financial Services",
    "healthcare_human_services": "Healthcare and Human Services",
    "hospitality_events_tourism": "Hospitality, Events, and Tourism",
    "management_entrepreneurship": "Management and Entrepreneurship",
    "marketing_sales": "Marketing and Sales",
    "public_service_safety": "Public Service and Safety",
    "supply_chain_transportation": "Supply Chain and Transportation",
}
SIXTEEN: Mapping[str, tuple[str, ...]] = {
    "Agriculture, Food and Natural Resources": (
        "agriculture",
        "energy_natural_resources",
    ),
    "Architecture and Construction": ("construction",),
    "Arts, A/V Technology and Communications": ("arts_entertainment_design",),
    "Business Management and Administration": ("management_entrepreneurship",),
    "Education and Training": ("education",),
    "Finance": ("financial_services",),
    "Government and Public Administration": ("public_service_safety",),
    "Health Science": ("healthcare_human_services",),
    "Hospitality and Tourism": ("hospitality_events_tourism",),
    "Human Services": ("healthcare_human_services",),
    "Information Technology": ("digital_technology",),
    "Law, Public Safety, Corrections and Security": ("public_service_safety",),
    "Manufacturing": ("advanced_manufacturing",),
    "Marketing": ("marketing_sales",),
    "Science, Technology, Engineering and Mathematics": (
        "advanced_manufacturing",
        "energy_natural_resources",
        "healthcare_human_services",
    ),
    "Transportation, Distribution and Logistics": ("supply_chain_transportation",),
}
SIGNS = re.compile(r"[^a-z0-9/]+")


def _plain(name: str) -> str:
    words = SIGNS.sub(" ", name.casefold().replace("&", " and ")).split()
    return " ".join(word for word in words if word != "and")


BY_NAME = {
    **{_plain(name): code for code, name in CLUSTERS.items()},
    **{_plain(code): code for code in CLUSTERS},
}
BY_OLDER_NAME = {_plain(name): codes for name, codes in SIXTEEN.items()}


def cluster_called(name: str) -> str | None:
    """Return the code of one of the 14 clusters by its name, however it is joined."""
    return BY_NAME.get(_plain(name))


def from_sixteen(name: str) -> tuple[str, ...]:
    """Return the clusters that hold one of the older 16, the main one first."""
    return BY_OLDER_NAME.get(_plain(name), ())
