"""What the simulator says."""

from puyou.core import events

NATION_SIMULATED = events.declare("nation.simulated", "模拟数据已生成")
