"""Reading a page as an officer does: its sentence, its tables, its links."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass
class Cell:
    text: str = ""
    href: str = ""
    label: str = ""


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[Cell]]] = {}
        self.rows: list[list[Cell]] | None = None
        self.cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.rows = self.tables.setdefault(said.get("id", ""), [])
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = Cell(label=said.get("data-label", ""))
            self.rows[-1].append(self.cell)
        elif tag == "a" and self.cell is not None:
            self.cell.href = said.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.text += data.strip()


def tables(html: str) -> dict[str, list[list[Cell]]]:
    """The rows of each table of a page by the table's id, head and foot included."""
    parser = _Tables()
    parser.feed(html)
    return parser.tables


def body_rows(html: str, table: str) -> list[dict[str, Cell]]:
    """The rows of a table that are neither head nor total, cells by their column's label."""
    rows = [{cell.label: cell for cell in row} for row in tables(html).get(table, [])]
    return [row for row in rows if any(row)]


def number(text: str) -> int:
    """A whole number with thousands."""
    return int(text.replace(",", ""))


def answer(html: str) -> str:
    """The page's sentence."""
    found = re.search(r'<p class="sentence[^"]*">(.*?)</p>', html, re.S)
    return re.sub(r"\s+", " ", found[1]).strip() if found else ""
