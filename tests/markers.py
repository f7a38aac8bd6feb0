"""Rows with values that no honest page of another province shows, planted into every table with room."""

import re
import uuid
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, models, transaction

from puyou.accounts.scopes import scope_for
from puyou.cases.feedback import filing
from puyou.cases.feedback.models import Category
from puyou.core import partitions, paths
from puyou.ledgers import actions as ledger_actions
from puyou.ledgers import queries as ledgers
from puyou.places.models import Place
from puyou.returns.models import DueReturn, ReturnForm

TEXT = "标记甲乙丙"
NUMBER = 77317
SHOWN = re.compile(TEXT + r"|(?<![0-9A-Za-z])77,?317(?![0-9A-Za-z])")  # not five digits of some digest
MOMENT = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
DAY, MONDAY = date(2026, 11, 18), date(2026, 11, 16)
ROOMS = (
    "registry",
    "villagers",
    "ingest",
    "visits",
    "compliance",
    "scrutiny",
    "reviews",
    "audits",
    "fieldwork",
    "atlas",
    "simulator",
    "cases",
    "feedback",
    "supervisors",
)
GIVEN = (  # rules and models of letters are public
    "cases_procedure",
    "cases_procedureversion",
    "cases_awaiting",
    "feedback_category",
    "supervisors_checklist",
    "cases_documenttemplate",
)
NAMED: dict[str, Any] = {
    "monday": MONDAY,
    "day": DAY,
    "valid_from": date(2026, 1, 1),
    "iso_year": 2026,
    "year": 2026,
    "area_class": 2,
    "times": 1,
    "weekdays": 127,
    "findings": 0,
    "lon": 106.7,
    "lat": 26.6,
    "accuracy_m": 10.0,
    "skew_seconds": 0.0,
}


class Unfit(Exception):
    """A table that holds something this planter does not know how to fill."""


def plant(village: Place) -> dict[str, list[models.Model]]:
    """One row (for figures: one a level) in each table of the rooms, for a village and all above it.

    Returns the rows by table name. Tables that refuse such a row are left out; the caller says which may not.
    Standards are left out: rules are public.
    """
    chain = list(Place.objects.filter(pk__in=paths.ids(village.path)).order_by("level"))
    planted = plant_case(village)
    waiting = [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if model._meta.db_table not in {*planted, *GIVEN}
    ]
    for _ in range(4):  # foreign keys between them are that deep
        for model in list(waiting):
            try:
                with transaction.atomic():
                    planted[model._meta.db_table] = _rows(model, chain, planted)
                waiting.remove(model)
            except (DatabaseError, Unfit, ValueError, ObjectDoesNotExist):
                continue
    return planted


def plant_case(village: Place) -> dict[str, list[models.Model]]:
    """A report of the village with its case; what hangs on a case is planted like any other table."""
    category = Category.objects.order_by("pk").first()
    assert category is not None
    report = filing.file_report(
        client_id=uuid.uuid4(), source="public", category=category, place=village, text=TEXT * 3, now=MOMENT
    ).report
    return {"feedback_report": [report], "cases_case": [report.case]}


def plant_ledger(place: Place, by: Any) -> models.Model:
    """An entry of a ledger that says the markers; kinds are no secret, so the tables are not planted by themselves."""
    kind = ledgers.get_kind("building_project")
    said = {
        "name": TEXT, "project_number": TEXT, "type": "outlet", "region": "rural", "stage": "approved",
        "planned": str(NUMBER), "approved_on": str(DAY), "position": "106.7,26.6", "note": TEXT,
    }  # fmt: skip
    return ledger_actions.create_entry(
        version=kind.version, place=place, operator=by.organisation, said=said, submit=True, office=by.organisation,
        scope=scope_for(by), by=by, now=MOMENT,
    )  # fmt: skip


def plant_return(place: Place, by: Any) -> models.Model:
    """What a company owes and has filled in, with the markers; forms are no secret."""
    form = ReturnForm.objects.get(code="hard_villages_quarter")
    return DueReturn.objects.create(
        form=form, version=form.versions.get(), filler=by.organisation, place=place, period="2026-Q3", first_on=DAY,
        last_on=DAY, due_on=DAY, data={"lines": [{"village": TEXT, "times": str(NUMBER)}]}, ground=TEXT, saved_by=by,
        saved_at=MOMENT, assigned_by=TEXT, assigned_at=MOMENT,
    )  # fmt: skip


def _rows(model: Any, chain: list[Place], planted: dict[str, list[models.Model]]) -> list[models.Model]:
    fields = {field.name for field in model._meta.concrete_fields}
    if not model._meta.managed and "day" in fields:
        partitions.ensure_months(model._meta.db_table, [DAY])
    places = chain if "level" in fields else chain[-1:]
    return [_row(model, place, planted) for place in places]


def _row(model: Any, place: Place, planted: dict[str, list[models.Model]]) -> models.Model:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CompositePrimaryKey) or (
            isinstance(field, models.AutoField | models.BigAutoField)
        ):
            continue
        values[field.attname] = _value(field, place, planted)
    return model.objects.create(**values)  # type: ignore[no-any-return]


def _value(field: Any, place: Place, planted: dict[str, list[models.Model]]) -> Any:
    name = field.name
    if name in ("place_id", "level"):
        return place.pk if name == "place_id" else place.level
    if field.is_relation:
        return _related(field, place, planted)
    if field.choices:
        return field.choices[0][0]
    return NAMED[name] if name in NAMED else _plain(field)


def _related(field: Any, place: Place, planted: dict[str, list[models.Model]]) -> Any:
    target = field.related_model
    if target is Place:
        return place.pk
    if target._meta.app_label == "accounts":
        return target.objects.filter(pk__gt=0).order_by("pk").values_list("pk", flat=True).first()
    rows = planted.get(target._meta.db_table)
    if rows:
        return rows[0].pk
    if field.null:
        return None
    raise Unfit(field)


PLAIN: list[tuple[type[Any], Any]] = [
    (models.BinaryField, TEXT.encode()),
    (models.DateTimeField, MOMENT),
    (models.DateField, DAY),
    (models.SlugField, "marker"),
    (models.CharField, TEXT),
    (models.TextField, TEXT),
    (models.SmallIntegerField, 3),
    (models.IntegerField, NUMBER),
    (models.FloatField, float(NUMBER)),
    (models.BigIntegerField, NUMBER),
    (models.JSONField, {"name": TEXT}),
]


def _plain(field: Any) -> Any:
    if isinstance(field, models.BooleanField):
        return field.get_default()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateField) and field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    for kind, value in PLAIN:
        if isinstance(field, kind):
            return value
    raise Unfit(field)
