"""Wages, outlook, SCED codes and the cluster crosswalk (A4)."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from published_files import OUTLOOK, WAGES, workbook, write

from pathways.domain.cluster_framework import (
    CLUSTERS,
    SIXTEEN,
    cluster_called,
    from_sixteen,
)
from pathways.formats.clusters import cluster_facts
from pathways.formats.facts import Fact, Tally
from pathways.formats.oews import oews_facts
from pathways.formats.ooh import ooh_facts
from pathways.formats.problems import FormatError
from pathways.formats.sced import sced_facts


def read(
    reader: Callable[..., Iterator[Fact]], path: Path, *more: object
) -> tuple[list[Fact], Tally]:
    tally = Tally()
    return list(reader(path, tally, *more)), tally


@pytest.mark.parametrize(
    ("median", "note", "reason"),
    [
        ("#", "", "top_coded"),
        ("-", "5", "top_coded"),
        ("*", "", "not_released"),
        ("-", "8", "not_released"),
        ("-", "4", "hourly_only"),
        ("", "", "not_released"),
        ("82510", "", ""),
    ],
)
def test_a_median_that_is_not_there_has_its_reason(
    tmp_path: Path, median: str, note: str, reason: str
) -> None:
    line = f"29-1141,Nurses,Ohio,143730,87730,66980,{median},105290,{note}\n"
    [[wage], tally] = read(
        oews_facts, write(tmp_path / "oews_may2025.csv", WAGES + line)
    )

    assert wage.data["median_absent"] == reason
    assert wage.data["median"] == (82510 if median == "82510" else None)
    assert (wage.area, wage.period, wage.as_of) == ("Ohio", "2025-05", date(2025, 5, 1))
    assert tally.rejected == []


def test_the_bureau_s_own_workbook_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "all_data_M_2025.xlsx"
    header = (
        "AREA",
        "AREA_TITLE",
        "NAICS",
        "I_GROUP",
        "OCC_CODE",
        "OCC_TITLE",
        "O_GROUP",
        "TOT_EMP",
        "A_MEAN",
        "A_MEDIAN",
        "H_MEDIAN",
        "HOURLY",
    )
    rows = (
        ("99", "U.S.", "000000", "cross-industry", "29-1141", "Nurses", "detailed"),
        ("39", "Ohio", "000000", "cross-industry", "29-1141", "Nurses", "detailed"),
        ("39", "Ohio", "000000", "cross-industry", "29-0000", "Health", "major"),
        ("39", "Ohio", "622000", "3-digit", "29-1141", "Nurses", "detailed"),
        ("39", "Ohio", "000000", "cross-industry", "27-2011", "Actors", "detailed"),
        ("39", "Ohio", "000000", "cross-industry", "29-1211", "Doctors", "detailed"),
    )
    figures = (
        (3379720, 101420, 97550, 46.9, ""),
        (143730, "87,730", "82,510", 39.67, ""),
        (1, 1, 1, 1, ""),
        (1, 1, 1, 1, ""),
        ("**", "*", "*", 23.33, "TRUE"),
        (700, "#", "#", "#", ""),
    )
    grid = [one + two for one, two in zip(rows, figures, strict=True)]
    workbook(path, {"All May 2025 data": (header, *grid)})

    facts, tally = read(oews_facts, path)

    assert [(one.area, one.code, one.data["median"]) for one in facts] == [
        ("US", "29-1141", 97550),
        ("Ohio", "29-1141", 82510),
        ("Ohio", "27-2011", None),
        ("Ohio", "29-1211", None),
    ]
    assert [one.data["median_absent"] for one in facts[2:]] == [
        "hourly_only",
        "top_coded",
    ]
    assert facts[2].data["hourly_median"] == 23.33
    assert (tally.read, tally.skipped, tally.rejected) == (6, 2, [])


BUREAU = (
    "AREA,AREA_TITLE,AREA_TYPE,PRIM_STATE,NAICS,NAICS_TITLE,I_GROUP,OWN_CODE,OCC_CODE,"
    "OCC_TITLE,O_GROUP,TOT_EMP,A_MEAN,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90\n"
)
OVER_ALL = "39,Ohio,2,OH,000000,Cross-industry,cross-industry,1235,"


@pytest.mark.parametrize(
    "name", ["state_M2025_dl", "national_M2025_dl", "MSA_M2025_dl", "oesm25st"]
)
def test_groups_of_occupations_in_the_bureau_s_files_are_skipped(
    tmp_path: Path, name: str
) -> None:
    groups = (
        "00-0000,All Occupations,total",
        "13-0000,Business,major",
        "13-1000,Business specialists,minor",
        "15-1200,Computer occupations,minor",
        "13-1020,Buyers and Purchasing Agents,broad",
        "13-1020,Buyers and Purchasing Agents,detailed",
        "29-1140,Registered Nurses,broad",
        "29-1141,Registered Nurses,detailed",
    )
    figures = ',"143,730",87730,66980,75000,"82,510",93000,105290\n'
    lines = "".join(f"{OVER_ALL}{one}{figures}" for one in groups)
    path = write(tmp_path / f"{name}.csv", BUREAU + lines)

    facts, tally = read(oews_facts, path)

    assert [one.code for one in facts] == ["13-1020", "29-1141"]
    assert (tally.skipped, tally.rejected) == (6, [])
    data = facts[1].data
    assert (data["median"], data["p25"], data["employment"]) == (82510, 75000, 143730)
    assert facts[1].period == "2025-05"


def test_the_year_must_be_known_and_recent(tmp_path: Path) -> None:
    line = "29-1141,Nurses,Ohio,1,1,1,1,1,\n"
    named = write(tmp_path / "wages.csv", WAGES + line)
    [[wage], _] = read(oews_facts, named, 2024)
    assert wage.period == "2024-05"
    with pytest.raises(FormatError, match="which year is it. Name it with --year"):
        read(oews_facts, named)
    with pytest.raises(FormatError, match="2020 are too old. Take May 2021"):
        read(oews_facts, write(tmp_path / "oews_may2020.csv", WAGES + line))


def test_only_the_areas_that_are_wanted_are_taken_in(tmp_path: Path) -> None:
    lines = "".join(
        f"29-1141,Nurses,{area},1,1,1,1,1,\n" for area in ("US", "Ohio", "Iowa")
    )
    path = write(tmp_path / "may2025.csv", WAGES + lines)

    facts, tally = read(oews_facts, path, None, ("us", "Ohio"))

    assert [one.area for one in facts] == ["US", "Ohio"]
    assert tally.skipped == 1


def test_wages_that_can_not_be_read_are_rejected_one_by_one(tmp_path: Path) -> None:
    lines = "29-1141.00,Nurses,Ohio,1,1,1,1,1,\n29-1141,Nurses,Ohio,1,1,1,lots,1,\n"
    facts, tally = read(oews_facts, write(tmp_path / "may2025.csv", WAGES + lines))

    assert facts == []
    assert [(one.line, one.column, one.value) for one in tally.rejected] == [
        (2, "soc_code", "29-1141.00"),
        (3, "annual_median", "lots"),
    ]


def test_a_file_of_another_kind_is_refused_after_some_rows(tmp_path: Path) -> None:
    lines = "x,x,x,x,x,x,x,x,x\n" * 2000
    with pytest.raises(FormatError, match="more than 1000 rows can't be used"):
        read(oews_facts, write(tmp_path / "may2025.csv", WAGES + lines))


def test_a_renamed_column_is_named(tmp_path: Path) -> None:
    text = WAGES.replace("annual_median", "middle")
    with pytest.raises(FormatError, match="no column annual_median.*middle"):
        read(oews_facts, write(tmp_path / "may2025.csv", text))


def test_an_outlook_may_be_negative_and_years_come_from_the_header(
    tmp_path: Path,
) -> None:
    lines = "Cashiers,41-2011,3000000,2700000,-10\nGroups,,1,1,4\nArmy,55-3016,,,\n"
    facts, tally = read(ooh_facts, write(tmp_path / "a.csv", f"{OUTLOOK}\n{lines}"))

    [fact] = facts
    assert (fact.data["percent"], fact.period) == (-10, "2024-34")
    assert fact.source == "BLS OOH 2024-34"
    assert (tally.read, tally.skipped) == (3, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("_2024", "_2018", "2018-2034 is too old"),
        ("num_jobs_2024", "jobs", "no columns num_jobs"),
        ("outlook_pct", "change", "no column outlook_pct"),
    ],
)
def test_an_outlook_of_another_kind_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(FormatError, match=words):
        read(ooh_facts, write(tmp_path / "a.csv", OUTLOOK.replace(old, new)))


def test_sced_codes_get_their_zeros_and_dashes_back(tmp_path: Path) -> None:
    text = "notation\tlabel\tdefinition\n1001\tEnglish\ufffdOther\tRead.\nabc\tX\tY\n"
    facts, tally = read(sced_facts, write(tmp_path / "sced.tsv", text))

    assert [(one.code, one.title) for one in facts] == [("01001", "English—Other")]
    assert facts[0].data["subject_area"] == "01"
    assert [(one.line, one.value) for one in tally.rejected] == [(3, "abc")]


def test_a_folder_of_sced_brings_its_option_sets(tmp_path: Path) -> None:
    head = "notation\tlabel\tdefinition\n"
    write(tmp_path / "sced.tsv", f"{head}01001\tEnglish\tRead.\n")
    write(tmp_path / "sced_level.tsv", f"{head}H\tHonors\tHard.\n")
    write(tmp_path / "notes.txt", "not a table")

    facts, _ = read(sced_facts, tmp_path)

    assert [(one.code, one.area) for one in facts] == [
        ("01001", ""),
        ("H", "sced_level"),
    ]
    (tmp_path / "sced.tsv").unlink()
    with pytest.raises(FormatError, match="no file sced.tsv"):
        read(sced_facts, tmp_path)


def test_the_crosswalk_is_found_on_its_sheet_and_cleaned(tmp_path: Path) -> None:
    header = ("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster")
    rows = (
        ("29-1131", "Veterinarians", "Healthcare & Human Services", "Physical Health"),
        ("29-1131", "Veterinarians", "Agriculture", "water systems"),
        ("29-1131", "Veterinarians", "Agriculture", "Water Systems"),
        ("29-1131", "Veterinarians", "Agriculture", "Animal Systems"),
        ("", "A heading", "", ""),
    )
    path = tmp_path / "crosswalk.xlsx"
    workbook(path, {"Overview": (("", ""),), "SOC": (header, *rows)})

    [[fact], tally] = read(cluster_facts, path)

    assert fact.data["clusters"] == [
        {"cluster": "agriculture", "sub_clusters": ["Animal Systems", "Water Systems"]},
        {"cluster": "healthcare_human_services", "sub_clusters": ["Physical Health"]},
    ]
    assert (tally.skipped, tally.rejected) == (1, [])


def test_clusters_of_the_older_sixteen_are_mapped_and_others_rejected(
    tmp_path: Path,
) -> None:
    text = "SOC Code,Career Cluster\n29-1141,Health Science\n11-1011,Magic\n"
    [[fact], tally] = read(cluster_facts, write(tmp_path / "a.csv", text))

    assert fact.data["clusters"][0]["cluster"] == "healthcare_human_services"
    assert [(one.line, one.value) for one in tally.rejected] == [(3, "Magic")]
    assert tally.notes == ["Clusters of the older 16 were mapped: Health Science (1)."]


def test_every_older_cluster_leads_into_the_fourteen() -> None:
    assert (len(CLUSTERS), len(SIXTEEN)) == (14, 16)
    reached = {code for codes in SIXTEEN.values() for code in codes}
    assert reached == set(CLUSTERS)
    for name in CLUSTERS.values():
        assert cluster_called(name.replace(" and ", " & ").upper()) is not None
    assert from_sixteen("Hospitality & Tourism") == ("hospitality_events_tourism",)
    assert cluster_called("Health Science") is None
