"""What may go wrong when a nation is simulated."""

from puyou.core import problems

ALREADY_THERE = problems.declare(
    "simulator.already_there", "已有{what}，不能在其上生成模拟数据；如需重新生成请先执行 make reset", 409
)
EXTERNAL = problems.declare("simulator.external_database", "外部数据库不接受模拟数据", 403)
NO_VILLAGES = problems.declare("simulator.no_villages", "{place}下没有建制村，无法模拟")
BAD_WEEKS = problems.declare("simulator.bad_weeks", "模拟的周数应在 {least} 至 {most} 之间")
BAD_LABELS = problems.declare("simulator.bad_labels", "真值文件 {path} 无法读取")
