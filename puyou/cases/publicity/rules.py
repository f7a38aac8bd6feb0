"""What may not be published: words that look like somebody's telephone, identity card, mail address or bank card."""

import re
import unicodedata
from collections.abc import Iterable

PERSONAL = {
    "电话号码": re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"),
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "邮箱": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "银行卡号": re.compile(r"(?<!\d)\d{16}(?!\d)|(?<!\d)\d{19}(?!\d)"),
}


def personal_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """The kinds of personal numbers a text seems to hold, in whatever width, and 当事人姓名 for one of ``names``."""
    plain = unicodedata.normalize("NFKC", text)
    found = [name for name, pattern in PERSONAL.items() if pattern.search(plain)]
    return [*found, "当事人姓名"] if any(len(name) > 1 and name in plain for name in names) else found
