"""Reading the supplied files of divisions and points into the columns of the table (data/SOURCES.md)."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from puyou.places import arrays
from puyou.places.problems import NO_DATA, NO_SUCH_PROVINCE

DIVISIONS = "divisions.parquet"
POINTS = "place_points.csv.gz"
ROOT = 1
PROVINCES = 34
LAST_ID = ROOT + 665_312  # the last row of the supplied edition


@dataclass(frozen=True)
class Edition:
    """Which edition the supplied file is."""

    code: str
    source: str
    cut_off: date


SUPPLIED = Edition(
    "nbs-2023",
    "国家统计局统计用区划代码和城乡划分代码（2023年版，截止2023-06-30；2023-09-11发布）",
    date(2023, 6, 30),
)


def read_divisions(
    folder: Path, provinces: Collection[str] | None = None, without: Collection[str] = ()
) -> pa.Table:
    """Rows of the table ``places_place`` from the supplied file, in code order, without the nation.

    ``provinces`` (two digits) limits the rows and ``without`` leaves provinces out, but ids are always those
    of the whole edition: row k of the file in code order has id k + 2, so that path order is code order
    however it is loaded.
    """
    file = folder / DIVISIONS
    if not file.is_file():
        raise NO_DATA(name=DIVISIONS)
    table = pyarrow.parquet.read_table(file).sort_by("code")
    codes = _numbers(table["code"])
    parents = _parents(codes, table["parent_code"])
    levels = table["level"].to_numpy().astype(np.int8)
    ids = np.arange(ROOT + 1, ROOT + 1 + len(codes), dtype=np.int32)
    paths = arrays.chain_paths(
        np.concatenate([[ROOT], ids]).astype(np.int32),
        np.concatenate([[-1], parents + 1]),
        np.concatenate([[0], levels]).astype(np.int8),
    )[1:]
    columns = {
        "id": ids,
        "code": table["code"],
        "name": table["name"],
        "level": levels.astype(np.int16),
        "kind": table["kind"].cast(pa.string()),
        "parent_id": np.where(parents < 0, ROOT, ids[parents]),
        "path": pa.array(paths).cast(pa.string()),
        "geo_code": _text(table["geo_code"]),
        "urban_rural_class": _text(table["urban_rural_class"]),
        "urban_rural_source": _text(table["ur_source"]),
    }
    chosen = _chosen(codes, provinces, without)
    return pa.table(columns).filter(pa.array(chosen))


def _numbers(column: pa.ChunkedArray) -> Any:
    return pc.cast(column, pa.int64()).to_numpy()


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.string()), "")


def _parents(codes: Any, parent_codes: pa.ChunkedArray) -> Any:
    """The row of each row's parent; -1 for provinces, whose parent is the nation."""
    wanted = pc.fill_null(pc.cast(parent_codes, pa.int64()), 0).to_numpy()
    return arrays.find_sorted(codes, wanted, np.arange(len(codes)))


def _chosen(codes: Any, provinces: Collection[str] | None, without: Collection[str]) -> Any:
    own = codes // 10**10
    if provinces is None:
        return ~np.isin(own, [int(code) for code in without])
    unknown = sorted(set(provinces) - {f"{code:02d}" for code in np.unique(own)})
    if unknown:
        raise NO_SUCH_PROVINCE(codes="、".join(unknown))
    return np.isin(own, [int(code) for code in set(provinces) - set(without)])


def province_codes(table: pa.Table) -> list[str]:
    """The two-digit provinces that occur among rows, in order."""
    return sorted(
        {str(code)[:2] for code in pc.unique(pc.utf8_slice_codeunits(table["code"], 0, 2)).to_pylist()}
    )


def with_points(table: pa.Table, folder: Path) -> tuple[pa.Table, int]:
    """The rows with lon, lat and point_in_county, null where no point is known; and how many have one.

    The file of points is separable: without it every row is simply without a point.
    """
    lon = np.full(len(table), np.nan)
    lat = np.full(len(table), np.nan)
    fit = np.full(len(table), -1, np.int8)
    file = folder / POINTS
    if file.is_file():
        points = pyarrow.csv.read_csv(io.BytesIO(_inflated(file)), convert_options=_AS_TEXT)
        width = 12 - pc.utf8_length(points["code"]).to_numpy()
        codes = _numbers(points["code"]) * 10**width
        rows = arrays.find_sorted(_numbers(table["code"]), codes, np.arange(len(table)))
        known = rows >= 0
        lon[rows[known]] = points["lon"].to_numpy()[known]
        lat[rows[known]] = points["lat"].to_numpy()[known]
        standing = pc.index_in(points["in_county"], pa.array(["near", "in"])).fill_null(-1).to_numpy()
        fit[rows[known]] = standing[known]
    table = table.append_column("lon", pa.array(lon, mask=np.isnan(lon)))
    table = table.append_column("lat", pa.array(lat, mask=np.isnan(lat)))
    table = table.append_column("point_in_county", pa.array(fit == 1, mask=fit < 0))
    return table, int(np.count_nonzero(~np.isnan(lon)))


_AS_TEXT = pyarrow.csv.ConvertOptions(column_types={"code": pa.string(), "in_county": pa.string()})


def _inflated(file: Path) -> bytes:
    with pa.input_stream(str(file), compression="gzip") as stream:
        return bytes(stream.read())
