"""Compare scores with the labels of a simulation, or with a seed that is lived in memory."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.scrutiny import queries as scrutiny
from puyou.simulator import evaluating, trials


class Command(ReportCommand):
    help = "用模拟数据的真值检验证据分：查全、查准、误伤（仅限模拟数据）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        truth = parser.add_mutually_exclusive_group(required=True)
        truth.add_argument("--labels", type=Path, help="模拟时写下的真值文件，与库中的证据分比较")
        truth.add_argument("--seed", type=int, help="在内存中模拟这个种子的若干天，不读写数据库中的打卡")
        parser.add_argument("--tours", type=int, default=trials.TOURS, help="内存模拟的投递段数")
        parser.add_argument("--days", type=int, default=trials.DAYS, help="内存模拟的天数")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        by, threshold = scrutiny.get_weights(today), scrutiny.desk_score(today)
        if options["labels"]:
            verdict = evaluating.evaluate_labels(options["labels"], threshold)
        else:
            trial = trials.run((options["seed"],), by.limits, options["tours"], options["days"])
            verdict = trials.judge(trial, by.weights, by.limits, by.caps, threshold)
        said = {"threshold": threshold, "rule_version": by.version, "missed": verdict.missed}
        self.report(asdict(verdict) | said)
        if verdict.missed:
            self.fail_check()
