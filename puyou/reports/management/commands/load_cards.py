"""`puyou load_cards`: a card of every list of figures that has none yet."""

from typing import Any

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.reports import actions


class Command(ReportCommand):
    """Safe to repeat: what there is stays as it is."""

    help = "由指标清单建立成绩单（已有的不变）"

    def handle(self, *args: Any, **options: Any) -> None:
        made = actions.load_cards(scope=Scope.system("load_cards"), now=clock.now())
        self.report({"made": [card.code for card in made]})
