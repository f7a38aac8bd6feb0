"""`puyou audit_draw`: freeze a frame, say its digest, then draw by a seed; both files are left in a folder."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.audits import actions, frames, published
from puyou.audits.rules import Drawn
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.places import queries as places


class Command(ReportCommand):
    """Draws visits of a settled period to be checked again."""

    help = "抽取一批到村打卡供电话或现场核查"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", required=True, help="区划代码，2、4、6、9 或 12 位")
        parser.add_argument("--from", dest="first", required=True, help="起始日期，如 2026-10-01")
        parser.add_argument("--to", dest="last", required=True, help="终止日期（含）")
        parser.add_argument("--size", type=int, required=True, help="抽取件数")
        parser.add_argument("--seed", default="", help="种子；不给则由系统产生")
        parser.add_argument("--reason", default="", help="同一地区、同一时间再次抽取的理由")
        parser.add_argument("--folder", type=Path, help="公布文件放在哪里")

    def handle(self, *args: Any, **options: Any) -> None:
        scope, place = Scope.system("audit"), places.get_place(options["place"])
        first, last = self._day(options["first"]), self._day(options["last"])
        frozen = actions.freeze_frame(
            place=place,
            first=first,
            last=last,
            size=options["size"],
            reason=options["reason"],
            scope=scope,
            now=clock.now(),
        )
        self.stderr.write(
            f"抽样框 {frozen.frame_rows} 次，SHA-256 {frozen.frame_digest}"
        )  # said before the seed
        draw = actions.draw_items(draw=frozen, seed=options["seed"], scope=scope, now=clock.now())
        drawn = [Drawn(i.stratum, i.ticket, str(i.visit_id)) for i in draw.items.all()]
        folder = options["folder"] or Path(settings.PUYOU_HOME) / "audits" / str(draw.pk)
        folder.mkdir(parents=True, exist_ok=True)
        document = published.document_of(draw, drawn)
        file = folder / f"audit-{draw.pk}.json"
        file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        shutil.copyfile(frames.path_of(draw.frame_digest), folder / document["frame"]["file"])
        kept = ("draw", "place", "from", "to", "frame", "size", "seed", "strata")
        self.report({name: document[name] for name in kept} | {"items": len(drawn), "file": str(file)})

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong_use(f"“{text}”不是日期，请写成 2026-10-01")
