"""Units of measurement and what becomes of them under arithmetic, so that no sum adds pieces to yuan."""

from collections.abc import Mapping
from dataclasses import dataclass

SYMBOLS = (
    "个", "件", "元", "人", "人次", "户", "次", "趟", "辆", "辆次", "架次", "笔", "款", "条", "项", "份", "处",
    "省", "县", "村周", "村", "吨", "千克", "克", "米", "公里", "平方米", "平方公里", "立方米",
    "天", "小时", "周", "月", "年", "分", "位", "%",
)  # fmt: skip
PERCENT = "%"


class UnitMismatch(ValueError):
    """Two units that do not go together; the words are for people."""


@dataclass(frozen=True)
class Unit:
    """A product of powers of symbols, ``元/件`` being 元 to 1 and 件 to −1; empty: a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, powers: Mapping[str, int]) -> "Unit":
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    @classmethod
    def parse(cls, text: str) -> "Unit":
        """From ``元/件`` or ``人·次``; ValueError for a symbol that is not in the catalogue. Empty or ``1``: plain."""
        upper, *lower = text.strip().split("/")
        powers: dict[str, int] = {}
        for sign, part in ((1, upper), *((-1, each) for each in lower)):
            for symbol in filter(None, part.split("·")):
                if symbol == "1":
                    continue
                if symbol not in SYMBOLS:
                    raise ValueError(f"不认识的计量单位“{symbol}”")
                powers[symbol] = powers.get(symbol, 0) + sign
        return cls.of(powers)

    @property
    def is_percent(self) -> bool:
        return self.powers == ((PERCENT, 1),)

    @property
    def is_plain(self) -> bool:
        return not self.powers

    def plain(self) -> "Unit":
        """The unit without per cent, as it enters a product: 25 % of 8 pieces are pieces."""
        return Unit(()) if self.is_percent else self

    def times(self, other: "Unit", sign: int = 1) -> "Unit":
        powers = dict(self.plain().powers)
        for name, power in other.plain().powers:
            powers[name] = powers.get(name, 0) + sign * power
        return Unit.of(powers)

    def same(self, other: "Unit", doing: str) -> "Unit":
        """This unit, when the other is the same; UnitMismatch otherwise."""
        if self != other:
            raise UnitMismatch(f"{doing}的两边单位不同：{self.text or '无单位'}与{other.text or '无单位'}")
        return self

    @property
    def text(self) -> str:
        upper = "·".join(name for name, power in self.powers for _ in range(power))
        lower = "".join(f"/{name}" for name, power in self.powers for _ in range(-power))
        return f"{upper or ('1' if lower else '')}{lower}"


PER_CENT = Unit(((PERCENT, 1),))
PLAIN = Unit(())
