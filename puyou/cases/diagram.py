"""Drawing a procedure from its definition: states as boxes in columns, actions as arrows between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from puyou.cases import rules
from puyou.cases.definition import Definition

WIDE, HIGH, GAP_X, GAP_Y, EDGE, LANE = 150, 44, 110, 46, 16, 26


@dataclass(frozen=True)
class Box:
    """A state at its place, in pixels; ``kind`` styles it."""

    code: str
    name: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """One or more actions that lead from one state to another: a path and where its words stand."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """All of it, and how large it is."""

    boxes: list[Box]
    arrows: list[Arrow]
    width: int
    height: int


def draw(definition: Definition) -> Drawing:
    """Columns by distance from the start, rows in the definition's order; the same definition draws the same."""
    columns = _columns(definition)
    tallest = max(len(column) for column in columns)
    boxes: dict[str, Box] = {}
    for number, column in enumerate(columns):
        for row, code in enumerate(column):
            state = definition.state(code)
            y = EDGE + int((row + (tallest - len(column)) / 2) * (HIGH + GAP_Y))
            boxes[code] = Box(code, state.name, state.kind, EDGE + number * (WIDE + GAP_X), y)
    arrows = list(_arrows(definition, boxes))
    lanes = sum("V" in arrow.path for arrow in arrows)
    height = 2 * EDGE + tallest * (HIGH + GAP_Y) - GAP_Y + lanes * LANE
    return Drawing(list(boxes.values()), arrows, 2 * EDGE + len(columns) * (WIDE + GAP_X) - GAP_X, height)


def _columns(definition: Definition) -> list[list[str]]:
    steps, distance = rules.successors(definition), {definition.start.code: 0}
    todo = [definition.start.code]
    while todo:
        code = todo.pop(0)
        for target in sorted(steps[code] - distance.keys()):
            distance[target] = distance[code] + 1
            todo.append(target)
    last = max(distance.values(), default=0)
    ends = {state.code for state in definition.states if state.kind == "final"}
    if ends:
        last = max(last, 1 + max((n for code, n in distance.items() if code not in ends), default=0))
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for state in definition.states:
        columns[last if state.code in ends else distance.get(state.code, 0)].append(state.code)
    return [column for column in columns if column]


def _arrows(definition: Definition, boxes: dict[str, Box]) -> Iterable[Arrow]:
    names: dict[tuple[str, str], list[str]] = {}
    for action in definition.actions:
        for source in rules.sources_of(definition, action):
            if action.target is not None and action.target != source:
                names.setdefault((source, action.target), []).append(action.name)
    lane = max(box.y for box in boxes.values()) + HIGH
    for (source, target), labels in names.items():
        near = boxes[target].x - boxes[source].x == WIDE + GAP_X
        lane += 0 if near else LANE
        yield (
            _straight(boxes[source], boxes[target], "、".join(labels))
            if near
            else _around(boxes[source], boxes[target], "、".join(labels), lane)
        )


def _straight(source: Box, target: Box, label: str) -> Arrow:
    """From the right edge to the left edge of a box in the next column."""
    x1, y1, x2, y2 = source.x + WIDE, source.y + HIGH // 2, target.x, target.y + HIGH // 2
    middle = (x1 + x2) // 2
    return Arrow(f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}", label, middle, (y1 + y2) // 2 - 6)


def _around(source: Box, target: Box, label: str, lane: int) -> Arrow:
    """Down from the source, along a lane of its own below all boxes, and up into the target."""
    shift = lane // LANE % 5 * 9  # so that arrows of one box do not lie upon each other
    x1, y1 = source.x + WIDE // 2 - 18 + shift, source.y + HIGH
    x2, y2 = target.x + WIDE // 2 - 18 + shift, target.y + HIGH
    return Arrow(f"M{x1} {y1} V{lane} H{x2} V{y2}", label, (x1 + x2) // 2, lane - 4)
