"""Guards of the house itself: stairs, READMEs, glossary, events and problems."""

import ast
import configparser
import inspect
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps

from puyou.core import events, problems

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "puyou"
HEADINGS = [
    "## What this room is for",
    "## Words",
    "## Comes in / goes out",
    "## Tables",
    "## What it refuses to know",
]


def _floors() -> dict[str, int]:
    """Room → floor, 0 at the top, from the same list that the import contract reads."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:house"]["layers"].split("\n")
    return {
        room.strip(" ()"): floor
        for floor, line in enumerate(line for line in layers if line.strip())
        for room in line.split("|")
    }


FLOORS = _floors()
ROOMS = [room for room in FLOORS if room != "config"]
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts)
MODELS = [model for model in apps.get_models() if model.__module__.startswith("puyou.")]


def _glossary() -> list[list[str]]:
    rows = [
        line for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if line.startswith("| ")
    ]
    return [
        [cell.strip().strip("`") for cell in row.strip("|").split("|")]
        for row in rows[1:]
        if "---" not in row
    ]


def _room(model) -> str:
    """The room of a model; an alcove belongs to the room it stands in."""
    return (model.__module__.split(".") + [""])[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_downstairs(model):
    own = FLOORS[_room(model)]
    for field in model._meta.get_fields():
        target = field.related_model if field.is_relation and not field.auto_created else None
        if target is not None and _room(target) in FLOORS:
            assert FLOORS[_room(target)] >= own, f"{model._meta.label}.{field.name} looks upstairs"


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_explains_itself(room):
    lines = (PACKAGE / room / "README.md").read_text().splitlines()
    found = [line for line in lines if line.startswith("## ")]
    assert found == HEADINGS
    assert len(lines) <= 80


def test_every_model_is_in_the_glossary_once():
    rows = _glossary()
    terms = [(row[0], row[1]) for row in rows]
    for model in MODELS:
        assert terms.count((model._meta.verbose_name, model.__name__)) == 1, model._meta.label


def test_one_chinese_term_means_one_identifier():
    rows = _glossary()
    chinese, identifiers = [row[0] for row in rows], [row[1] for row in rows]
    assert sorted(chinese) == sorted(set(chinese))
    assert sorted(identifiers) == sorted(set(identifiers))


def test_every_event_is_told_in_its_rooms_readme():
    declaring = {}
    for room in ROOMS:
        if find_spec(f"puyou.{room}.events"):
            module = import_module(f"puyou.{room}.events")
            for value in vars(module).values():
                if isinstance(value, str) and value in events.declared() and room != "core":
                    declaring[value] = room
    assert set(declaring) == set(events.declared())
    for kind, room in declaring.items():
        assert f"`{kind}`" in (PACKAGE / room / "README.md").read_text(), f"{kind} is not in {room}'s README"


def test_every_wired_event_is_declared():
    wiring = import_module("puyou.config.wiring")
    assert set(wiring.LISTENERS) <= set(events.declared())


def test_every_problem_is_documented_under_its_room():
    for module in MODULES:
        if not {"commands", "tests", "wsgi.py"} & set(module.parts):  # wsgi starts the site when imported
            import_module(".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    documented = set(re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", (ROOT / "docs" / "problems.md").read_text()))
    declared = {
        code for code in problems.catalogue() if not code.startswith("probe.")
    }  # tests declare probes
    assert declared - documented == set(), "run: puyou problems > docs/problems.md"
    assert documented - declared == set(), "run: puyou problems > docs/problems.md"
    assert {code.split(".")[0] for code in declared} <= set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(path):
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring, f"{path} has no first line"
    first = docstring.splitlines()[0]
    assert first.endswith((".", "。", "?")) and len(first) > 15


def test_every_list_query_asks_who_is_asking():
    for room in ROOMS:
        if not find_spec(f"puyou.{room}.queries"):
            continue
        for name, function in inspect.getmembers(import_module(f"puyou.{room}.queries"), inspect.isfunction):
            if name.startswith("list_") and function.__module__.startswith(f"puyou.{room}"):
                assert next(iter(inspect.signature(function).parameters)) == "scope", f"{room}.{name}"


def test_no_page_loads_anything_from_outside():
    outside = re.compile(r"""(src|href)=["']https?://|url\(["']?https?://|@import ["']?https?:""")
    own = [p for p in PACKAGE.rglob("*") if p.suffix in (".html", ".css", ".js") and "build" not in p.parts]
    assert own
    assert [str(p) for p in own if outside.search(p.read_text())] == []


def test_no_page_has_inline_script_or_style():
    inline = re.compile(
        r"""<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=["']|\son(click|change|load|submit|input)="""
    )
    pages = [p for p in PACKAGE.rglob("*.html")]
    data_block = re.compile(r"""<script[^>]*type=["']application/json["'][^>]*>""")
    found = [str(p) for p in pages if inline.search(data_block.sub("", p.read_text()))]
    assert found == []
