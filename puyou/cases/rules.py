"""Judging procedures and actions: whether a definition is sound, and what it allows in a state."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from puyou.cases.definition import Action, Definition


@dataclass(frozen=True)
class Known:
    """What the product can do by name: guards, effects, relations and documents that are registered."""

    guards: Set[str]
    effects: Set[str]
    relations: Set[str]
    documents: Set[str]


def faults(definition: Definition, known: Known) -> list[str]:
    """Why a definition cannot be published, in Chinese; empty when it is sound."""
    return [
        *_repeated(definition),
        *_starts(definition),
        *_unknown(definition, known),
        *_outcomes(definition),
        *_stuck(definition),
    ]


def _repeated(definition: Definition) -> Iterable[str]:
    kinds = {
        "状态": [state.code for state in definition.states],
        "办理事项": [action.code for action in definition.actions],
        "标记": [flag.code for flag in definition.flags],
        "期限": [clock.code for clock in definition.clocks],
        "材料": [material.code for material in definition.materials],
    }
    for kind, codes in kinds.items():
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield f"{kind}“{code}”出现多次"


def _starts(definition: Definition) -> Iterable[str]:
    count = sum(state.start for state in definition.states)
    if count != 1:
        yield f"应有且只有一个起始状态，现有 {count} 个"


def _outcomes(definition: Definition) -> Iterable[str]:
    for state in definition.states:
        if (state.kind == "final") != (state.outcome is not None):
            yield f"状态“{state.name}”：终结状态须有办理结果，其他状态不得有"


def _unknown(definition: Definition, known: Known) -> Iterable[str]:
    own = {
        "states": {state.code for state in definition.states},
        "flags": {flag.code for flag in definition.flags},
        "clocks": {clock.code for clock in definition.clocks},
        "materials": {material.code for material in definition.materials},
    }
    for action in definition.actions:
        target = () if action.target is None else (action.target,)
        asked: dict[str, tuple[Set[str], Iterable[str]]] = {
            "状态": (own["states"], (*action.sources, *target)),
            "标记": (own["flags"], (*action.requires, *action.forbids, *action.sets, *action.clears)),
            "期限": (
                own["clocks"],
                (*action.starts, *action.stops, *action.suspends, *action.resumes, *action.extends),
            ),
            "材料": (own["materials"], action.materials),
            "条件": (known.guards, action.guards),
            "效果": (known.effects, action.effects),
            "办理人": (known.relations, (*action.who, *action.notifies)),
            "文书": (known.documents, action.documents),
        }
        for kind, (there, named) in asked.items():
            for code in named:
                if code not in there:
                    yield f"办理事项“{action.name}”：没有{kind}“{code}”"
        ends = {state.code for state in definition.states if state.kind == "final"}
        if action.reopens_within is not None and not set(action.sources) <= ends - {action.target}:
            yield f"办理事项“{action.name}”：重新办理只能从终结状态开始"
        if action.reopens_within is not None and not action.sources:
            yield f"办理事项“{action.name}”：重新办理须写明从哪些终结状态开始"
        for code in action.extends:
            if code in own["clocks"] and definition.clock(code).extension is None:
                yield f"办理事项“{action.name}”：期限“{code}”不可延长"


def _stuck(definition: Definition) -> Iterable[str]:
    """Every state can be reached from the start, and from each an end can be reached."""
    if sum(state.start for state in definition.states) != 1:
        return
    steps = successors(definition)
    reached = _closure({definition.start.code}, steps)
    ends = {state.code for state in definition.states if state.kind == "final"}
    back: dict[str, set[str]] = {state.code: set() for state in definition.states}
    for source, targets in steps.items():
        for target in targets & back.keys():
            back[target].add(source)
    ending = _closure(ends, back)
    for state in definition.states:
        if state.code not in reached:
            yield f"状态“{state.name}”从起始状态无法到达"
        if state.code not in ending:
            yield f"状态“{state.name}”没有通向终结的办理路径"


def sources_of(definition: Definition, action: Action) -> tuple[str, ...]:
    """The states an action may be done in: those named, else every state that is not final."""
    return action.sources or tuple(state.code for state in definition.states if state.kind != "final")


def successors(definition: Definition) -> dict[str, set[str]]:
    """State → the states that some action leads to."""
    steps: dict[str, set[str]] = {state.code: set() for state in definition.states}
    for action in definition.actions:
        for source in sources_of(definition, action):
            if action.target is not None and source in steps:
                steps[source].add(action.target)
    return steps


def _closure(begin: Set[str], steps: Mapping[str, Set[str]]) -> set[str]:
    found, todo = set(begin), list(begin)
    while todo:
        for target in steps.get(todo.pop(), set()) - found:
            found.add(target)
            todo.append(target)
    return found


def why_not(definition: Definition, action: Action, state: str, flags: Set[str]) -> str | None:
    """Why the state or the flags do not allow an action; None when they do."""
    if state not in sources_of(definition, action):
        return f"当前状态为“{definition.state(state).name}”，不能办理"
    names = {flag.code: flag.name for flag in definition.flags}
    missing = [names[code] for code in action.requires if code not in flags]
    if missing:
        return f"须先{'、'.join(missing)}"
    hindering = [names[code] for code in action.forbids if code in flags]
    if hindering:
        return f"{'、'.join(hindering)}期间不能办理"
    return None


def after(action: Action, state: str, flags: Set[str]) -> tuple[str, frozenset[str]]:
    """State and flags once an action is done."""
    return action.target or state, frozenset((flags - set(action.clears)) | set(action.sets))


def waits_for(definition: Definition, state: str) -> tuple[str, ...]:
    """The relations that a state waits for: whoever may do one of its primary actions."""
    found = {
        relation
        for action in definition.actions
        if action.primary and state in sources_of(definition, action)
        for relation in action.who
    }
    return tuple(sorted(found)) if definition.state(state).kind != "final" else ()


def opposite(definition: Definition, action: Action) -> Action | None:
    """The action that takes another one back, for the same people: the same marks the other way round, or the way back
    between the same states; None when the procedure has none."""
    return next((one for one in definition.actions if _undoes(one, action)), None)


def _undoes(one: Action, action: Action) -> bool:
    if one.code == action.code or not set(one.who) & set(action.who):
        return False
    marks = (set(one.sets), set(one.clears)) == (set(action.clears), set(action.sets))
    if action.target is None:
        return marks and one.target is None and bool(action.sets or action.clears)
    back = one.target is not None and action.sources == (one.target,) and action.target in one.sources
    return marks and back
