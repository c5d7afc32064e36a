"""Every import of a school's own files, for the command line and the pages.

Each is all-or-nothing unless `partial`, changes nothing the second time, stays
within one school, and leaves one import run with the file's SHA-256.
"""

from __future__ import annotations

from pathways.services.imports_catalog import import_catalog
from pathways.services.imports_consent import import_consent
from pathways.services.imports_courses import import_courses
from pathways.services.imports_live import (
    Live,
    import_canvas_live,
    import_oneroster_live,
)
from pathways.services.imports_mastery import MasteryFormat, import_mastery
from pathways.services.imports_outcomes import import_outcomes
from pathways.services.imports_people import import_people
from pathways.services.imports_published import (
    import_case,
    import_clusters,
    import_oews,
    import_onet,
    import_ooh,
    import_sced,
)
from pathways.services.imports_table import import_table
from pathways.services.imports_undo import undo_import, undo_last

__all__ = [
    "Live",
    "import_canvas_live",
    "import_oneroster_live",
    "MasteryFormat",
    "import_case",
    "import_catalog",
    "import_clusters",
    "import_consent",
    "import_courses",
    "import_mastery",
    "import_oews",
    "import_onet",
    "import_ooh",
    "import_people",
    "import_table",
    "import_sced",
    "import_outcomes",
    "import_people",
    "undo_import",
    "undo_last",
]
