"""Village tags: issue, print to be hung, end."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from puyou.accounts.models import in_force
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock, qr
from puyou.core.problems import Problem
from puyou.core.tables import list_page
from puyou.fieldwork import tables
from puyou.fieldwork.forms import GroundForm, TagFilters, TagForm
from puyou.fieldwork.views.parts import RUN, chain, doors, own_place, page
from puyou.places.models import Place
from puyou.registry import actions as registry_actions
from puyou.registry import problems as registry_problems
from puyou.registry import queries as registry
from puyou.registry.models import Village, VillageTag

MOST_PRINTED = 400


@require_safe
@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """Tags of a place, page or file."""
    place = own_place(request)
    request.scope.require(place.path)
    rows = registry.list_tags(request.scope, place)
    hanging = rows.filter(in_force(clock.today())).count()
    context = {
        "doors": doors(request),
        "may_run": request.scope.may(RUN),
        "place_chain": chain(request.scope, place, "fieldwork_tags"),
        "sentence": f"{place.name}在用的村码 {hanging} 张。投递员到村扫一扫，证明人在村里；没有村码的村照常打卡。",
        "sheet_address": f"{reverse('fieldwork_tag_sheet')}?place={place.code}" if hanging else "",
    }
    return list_page(
        request, tables.TAGS, rows, filters=TagFilters, scope=place.name, template="fieldwork/tags.html",
        context=context,
    )  # fmt: skip


@officer_required(RUN)
def issue(request: OfficerRequest) -> HttpResponseBase:
    """One village, or the villages of a township that have none."""
    form = TagForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["code"]
        request.scope.require(place.path, RUN)
        try:
            made = [
                registry_actions.issue_tag(
                    place=village,
                    kind=form.cleaned_data["kind"],
                    valid_from=clock.today(),
                    by=request.scope.name,
                    now=clock.now(),
                )
                for village in _without_tag(place)
            ]
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error("code", problem.message)
        else:
            messages.success(request, f"已发 {len(made)} 张村码。" if made else "这些村都已有村码。")
            return redirect(f"{reverse('fieldwork_tag_sheet')}?place={place.code}")
    context = {
        "form": form,
        "title": "发村码",
        "sentence": "发出后打印张贴在接转点显眼处；遗失的村码请停用后另发。",
        "submit": "发出",
        "cancel": reverse("fieldwork_tags"),
        "crumbs": [{"name": "村码", "url": reverse("fieldwork_tags")}, {"name": "发村码", "url": ""}],
    }
    return page(request, "core/form_page.html", context, status=422 if request.method == "POST" else 200)


def _without_tag(place: Place) -> list[Place]:
    """The village itself; of a township, its villages with a duty that have no tag in force."""
    if place.level == 5:
        return [place]
    hanging = VillageTag.objects.filter(in_force(clock.today()), place=OuterRef("place"))
    rows = Village.objects.filter(place__path__gte=place.path, place__path__lt=place.path + "{")
    return [
        row.place for row in rows.exclude(Exists(hanging)).select_related("place").order_by("place__code")
    ]


@require_safe
@officer_required("see")
def sheet(request: OfficerRequest) -> HttpResponseBase:
    """A4 sheets of the tags in force below a place, to be cut and hung."""
    place = own_place(request)
    request.scope.require(place.path)
    rows = (
        registry.list_tags(request.scope, place)
        .filter(in_force(clock.today()))
        .select_related("place__parent")
    )
    site = request.build_absolute_uri(reverse("field"))
    labels: list[dict[str, Any]] = [
        {"tag": tag, "svg": qr.draw(f"{site}#tag={registry.tag_text(tag)}")}
        for tag in rows.order_by("place__code", "number")[:MOST_PRINTED]
    ]
    context = {
        "title": f"{place.name}村码",
        "labels": labels,
        "place": place,
        "most": MOST_PRINTED,
        "crumbs": [{"name": "村码", "url": reverse("fieldwork_tags")}, {"name": "打印", "url": ""}],
    }
    return page(request, "fieldwork/tag_sheet.html", context)


@officer_required(RUN)
def end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A lost or replaced tag is good no longer from today."""
    tag = VillageTag.objects.filter(request.scope.q("place__path"), pk=pk).select_related("place").first()
    if tag is None:
        raise registry_problems.UNKNOWN_TAG()
    request.scope.require(tag.place.path, RUN)
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            registry_actions.end_tag(
                tag=tag,
                on=clock.today(),
                ground=form.cleaned_data["ground"],
                by=request.scope.name,
                now=clock.now(),
            )
        except Problem as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, f"{tag.place.name}第 {tag.number} 号村码已停用。")
            return redirect("fieldwork_tags")
    context = {
        "form": form,
        "title": f"停用{tag.place.name}第 {tag.number} 号村码",
        "sentence": "从今天起扫这张村码不再作为到村的证明；此前的记录不受影响。",
        "submit": "停用",
        "cancel": reverse("fieldwork_tags"),
        "crumbs": [{"name": "村码", "url": reverse("fieldwork_tags")}, {"name": "停用", "url": ""}],
    }
    return page(request, "core/form_page.html", context, status=422 if request.method == "POST" else 200)
