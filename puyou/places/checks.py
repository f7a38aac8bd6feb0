"""What is looked for in the divisions themselves (known traits of the edition are in data/SOURCES.md)."""

from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.places import shapes
from puyou.places.integrity import Check, Severity, register
from puyou.places.models import Place, Vintage

NATION = "0001"
_DIGITS = "'0123456789abcdefghijklmnopqrstuvwxyz'"
STEP_OF_ID = " || ".join(f"substr({_DIGITS}, 1 + mod(c.id / {36**power}, 36), 1)" for power in (3, 2, 1, 0))


def _rows(where: str, note: str = "''", joins: str = "") -> str:
    """Findings among present places ``c``, with their parent as ``p``."""
    return (
        f"SELECT c.path, c.code, c.name, {note} AS note FROM places_place c"
        f" LEFT JOIN places_place p ON p.id = c.parent_id {joins} WHERE c.valid_to IS NULL AND {where}"
    )


def _unclaimed() -> list[Any]:
    """Codes and names of outlines in the loaded provinces; whether a place claims them is asked in SQL."""
    folder, loaded = Path(settings.DATA_DIR), {p for v in Vintage.objects.all() for p in v.provinces}
    codes = sorted(
        {code for level in shapes.LAYERS for code in shapes.codes(folder, level) if code[:2] in loaded}
    )
    found = [
        next(s for level in (3, 2, 1) if (s := shapes.find(folder, level, code))) for code in _few(codes)
    ]
    return [[shape.code for shape in found], [shape.name for shape in found]]


def _few(codes: list[str]) -> list[str]:
    """The codes that no place claims, so that only their outlines need to be read."""
    claimed = set(Place.objects.filter(valid_to=None).exclude(geo_code="").values_list("geo_code", flat=True))
    return [code for code in codes if code not in claimed]


def _tree(code: str, name: str, severity: Severity, why: str, remedy: str, sql: str) -> None:
    register(Check(code, name, severity, why, remedy, sql, of_tree=True))


_tree(
    "places.orphans",
    "没有上级的区划",
    Severity.ERROR,
    "除全国外，每个区划都应有一个现存的上级，否则它的数字汇总不到任何地方。",
    "在区划变更中把它划入正确的上级，或登记撤销。",
    _rows(
        "c.level > 0 AND (p.id IS NULL OR p.valid_to IS NOT NULL)", "coalesce('上级已撤销：' || p.name, '')"
    ),
)
_tree(
    "places.path_disagrees",
    "路径与上级不一致",
    Severity.ERROR,
    "管辖范围按路径判断，路径必须等于上级的路径加上自身编号。",
    "这是程序错误：请联系技术支持，并用划转操作重新登记该区划的上级。",
    _rows(
        f"c.level > 0 AND p.id IS NOT NULL AND c.path <> p.path || {STEP_OF_ID}",
        "'路径 ' || c.path || '，上级路径 ' || p.path",
    ),
)
_tree(
    "places.level_not_below",
    "级别不低于上级",
    Severity.ERROR,
    "下级区划的级别应低于上级，否则各级数字会重复或遗漏。",
    "在区划变更中把它划入更高一级的上级。",
    _rows("c.level <= p.level", "'上级：' || p.name"),
)
_tree(
    "places.history_overlaps",
    "沿革时段重叠",
    Severity.ERROR,
    "同一区划同一天只能有一种名称、代码和上级。",
    "这是程序错误：请联系技术支持核对该区划的沿革记录。",
    "SELECT c.path, c.code, c.name, '重叠自 ' || greatest(a.valid_from, b.valid_from) AS note"
    " FROM places_placehistory a JOIN places_placehistory b ON b.place_id = a.place_id AND b.id > a.id"
    " AND b.valid_from < a.valid_to AND a.valid_from < b.valid_to JOIN places_place c ON c.id = a.place_id",
)
_tree(
    "places.same_name",
    "同一上级下重名",
    Severity.WARNING,
    "同一上级下名称相同的区划容易认错，导入按名称对照时会混淆。",
    "按代码核对是否为重复登记；确为不同区划的，向来源单位确认规范名称。",
    "SELECT c.path, c.code, c.name, '同名 ' || c.many || ' 个，上级：' || p.name AS note"
    " FROM (SELECT path, code, name, parent_id, count(*) OVER (PARTITION BY parent_id, name) AS many"
    " FROM places_place WHERE valid_to IS NULL) c JOIN places_place p ON p.id = c.parent_id"
    " WHERE c.many > 1",
)
_tree(
    "places.point_outside_county",
    "坐标在所属县界外",
    Severity.WARNING,
    "点位取自第三方地理编码，落在县界外约5公里以内的仍保留，作距离判断时可能有误。",
    "以投递实况或现场核实的村点替代；未核实前只作参考，不作为不计投递的依据。",
    _rows("c.point_in_county IS FALSE", "round(c.lon::numeric, 5) || '，' || round(c.lat::numeric, 5)"),
)
_tree(
    "places.code_not_under_parent",
    "代码与上级不连续",
    Severity.WARNING,
    "区划代码通常以上级代码开头；划转后未改码的会不一致，不影响汇总。",
    "新代码公布后登记改码。",
    _rows(
        "p.level > 0 AND left(c.code, (ARRAY[2, 4, 6, 9])[p.level])"
        " <> left(p.code, (ARRAY[2, 4, 6, 9])[p.level])",
        "'上级代码 ' || p.code",
    ),
)
_tree(
    "places.county_missing",
    "直属地市的乡镇（缺县级）",
    Severity.NOTE,
    "东莞、中山、儋州等地不设县级，乡镇直属地市；县级位置由地市代替（标注“代”），各级合计不变。",
    "无需处理。",
    _rows("c.level = 4 AND p.level < 3", "'上级：' || p.name"),
)
_tree(
    "places.city_missing",
    "直属省级的县级单位（缺地级）",
    Severity.NOTE,
    "香港、台湾的区县直属省级；地级位置由省级代替，各级合计不变。",
    "无需处理。",
    _rows("c.level = 3 AND p.level < 2", "'上级：' || p.name"),
)
_tree(
    "places.virtual",
    "无实体的汇总行",
    Severity.NOTE,
    "“市辖区”“省直辖县级行政区划”等是统计汇总行，不是一级政府；地图上由其下级代替。",
    "无需处理。",
    _rows("c.kind = 'virtual'", "'上级：' || p.name"),
)
_tree(
    "places.stat_zone",
    "统计用开发区",
    Severity.NOTE,
    "开发区、管理区等只在统计中单列，不是法定区划，没有边界。",
    "考核归属由省局确定；如需并入所在县，登记划转。",
    _rows("c.kind = 'stat_zone'", "'上级：' || p.name"),
)
_tree(
    "places.county_without_outline",
    "没有边界的县级区划",
    Severity.NOTE,
    "所用边界数据中没有这些县级区划的多边形，地图上看不到，列表和合计中都有。",
    "取得带审图号的边界后替换。",
    _rows("c.level = 3 AND c.kind = 'admin' AND c.geo_code = ''", "'上级：' || p.name"),
)
_tree(
    "places.no_children",
    "没有下级的县级和乡级区划",
    Severity.NOTE,
    "港澳台未编到乡村两级；个别岛礁、农场没有村级单位。",
    "大陆的县乡请向来源单位核对。",
    _rows(
        "c.level IN (3, 4) AND NOT EXISTS"
        " (SELECT 1 FROM places_place k WHERE k.parent_id = c.id AND k.valid_to IS NULL)",
        "'上级：' || p.name",
    ),
)
_tree(
    "places.area_class_unknown",
    "城乡分类缺失的村级单位",
    Severity.NOTE,
    "城乡分类为2016年版，按代码和名称对应到现行村级单位，其余没有。",
    "以省局核定的投递责任台账为准；取得新版分类后导入。",
    _rows("c.level = 5 AND c.urban_rural_class = ''", "'上级：' || p.name"),
)
_tree(
    "places.area_class_weak",
    "城乡分类依据不足的村级单位",
    Severity.NOTE,
    "只有代码相同而名称不同，2016年的分类可能属于另一个村。",
    "以省局核定的投递责任台账为准。",
    _rows("c.urban_rural_source = '2016_code_only'", "'2016年分类 ' || c.urban_rural_class"),
)
_tree(
    "places.village_without_point",
    "没有坐标的建制村",
    Severity.NOTE,
    "只有少数村有参考坐标；没有坐标的村不作距离判断，地图上只在列表中出现。",
    "通过投递轨迹学习或现场核实补充村点。",
    _rows(
        "c.level = 5 AND c.lon IS NULL AND right(c.code, 3)::int BETWEEN 200 AND 399", "'上级：' || p.name"
    ),
)
register(
    Check(
        "places.outline_without_place",
        "没有对应区划的边界",
        Severity.NOTE,
        "边界数据中有而区划代码中没有的单位（如马场、林场），地图上以中性色画出，不计入任何数字。",
        "无需处理；确为新设区划的，登记设立。",
        f"SELECT '{NATION}' AS path, code || '000000' AS code, name, '边界代码 ' || code AS note"
        " FROM unnest(%s::text[], %s::text[]) AS outline(code, name)",
        _unclaimed,
    )
)
