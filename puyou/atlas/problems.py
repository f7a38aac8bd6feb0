"""What may go wrong on the map, and how it is said."""

from puyou.core.problems import declare

NOT_A_VILLAGE = declare("atlas.not_a_village", "{name}不是村级单位，没有村页", status=404)
TOO_MANY_ROWS = declare(
    "atlas.too_many_rows", "所选范围有 {rows} 行，超过一次导出的上限 {limit} 行，请缩小范围后导出"
)
