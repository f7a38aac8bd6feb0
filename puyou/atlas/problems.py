"""What may go wrong on the map, and how it is said."""

from puyou.core.problems import declare

TOO_MANY_ROWS = declare(
    "atlas.too_many_rows", "所选范围有 {rows} 行，超过一次导出的上限 {limit} 行，请缩小范围后导出"
)
