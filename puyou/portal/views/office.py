"""What an office does for the public's notices: issue, print, end, and read what villagers said."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from puyou.accounts.models import in_force
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock, qr
from puyou.core.problems import Problem
from puyou.core.tables import list_page
from puyou.fieldwork.views.parts import chain, own_place
from puyou.places.models import Place
from puyou.portal import problems, tables
from puyou.portal.forms import GroundForm, NoticeFilters, NoticeForm, WordFilters
from puyou.registry.models import Village
from puyou.villagers import actions
from puyou.villagers import queries as villagers
from puyou.villagers.models import NoticeCode
from puyou.visits.models import Visit

ISSUE = "registry.edit"
END = "visits.review"  # regulators only: a company does not take down what villagers speak through
MOST_PRINTED = 400
SIZES = {"a4": "A4（一页一张）", "a5": "A5（一页一张）"}


@require_safe
@officer_required("see")
def list_notices(request: OfficerRequest) -> HttpResponseBase:
    """Notices of a place, page or file."""
    place = own_place(request)
    request.scope.require(place.path)
    rows = villagers.list_codes(request.scope, place)
    hanging = rows.filter(in_force(clock.today())).count()
    context = {
        "may_issue": request.scope.may(ISSUE),
        "place_chain": chain(request.scope, place, "notices"),
        "sentence": f"{place.name}在用的公示码 {hanging} 张。村民扫码不用登录，就能看到本村本周应投、已投次数，"
        "并可反映“今天没来”。发出公示码，即公开该村的投递情况。",
        "sheet_address": f"{reverse('notice_sheet')}?place={place.code}" if hanging else "",
    }
    return list_page(
        request, tables.NOTICES, rows, filters=NoticeFilters, scope=place.name, template="portal/notices.html",
        context=context,
    )  # fmt: skip


@officer_required(ISSUE)
def issue(request: OfficerRequest) -> HttpResponseBase:
    """One village, or the villages of a township that have none."""
    form = NoticeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["code"]
        request.scope.require(place.path, ISSUE)
        made = [
            actions.issue_code(
                place=village,
                hangs=form.cleaned_data["hangs"],
                valid_from=clock.today(),
                by=request.scope.name,
                now=clock.now(),
            )
            for village in _without_code(place)
        ]
        messages.success(request, f"已发 {len(made)} 张公示码。" if made else "这些村都已有公示码。")
        return redirect(f"{reverse('notice_sheet')}?place={place.code}")
    context = {
        "form": form,
        "title": "发公示码",
        "sentence": "发出后打印张贴在村民委员会或村邮站的显眼处。公示码与投递员扫的村码不同，不能用来打卡。",
        "submit": "发出",
        "cancel": reverse("notices"),
        "crumbs": [{"name": "公示码", "url": reverse("notices")}, {"name": "发公示码", "url": ""}],
    }
    return render(request, "core/form_page.html", context, status=422 if request.method == "POST" else 200)


def _without_code(place: Place) -> list[Place]:
    """The village itself; of a township, its villages with a duty that have no notice in force."""
    if place.level == 5:
        return [place]
    hanging = NoticeCode.objects.filter(in_force(clock.today()), place=OuterRef("place"))
    rows = Village.objects.filter(place__path__gte=place.path, place__path__lt=place.path + "{")
    found = rows.exclude(Exists(hanging)).select_related("place").order_by("place__code")
    return [row.place for row in found if row.place.valid_to is None]


@require_safe
@officer_required("see")
def sheet(request: OfficerRequest) -> HttpResponseBase:
    """Sheets of the notices in force below a place, one a page, to be hung."""
    place = own_place(request)
    request.scope.require(place.path)
    size = request.GET.get("size", "a4")
    rows = villagers.list_codes(request.scope, place).filter(in_force(clock.today()))
    labels: list[dict[str, Any]] = []
    for row in rows.order_by("place__code", "id")[:MOST_PRINTED]:
        text = villagers.code_text(row)
        address = request.build_absolute_uri(reverse("village_notice", args=[text]))
        labels.append({"code": row, "text": text, "svg": qr.draw(address)})
    context = {
        "title": f"{place.name}公示码",
        "labels": labels,
        "place": place,
        "size": size if size in SIZES else "a4",
        "sizes": [
            {"name": name, "address": f"?place={place.code}&size={key}"} for key, name in SIZES.items()
        ],
        "enter_address": request.build_absolute_uri(reverse("village_notice_enter")),
        "most": MOST_PRINTED,
        "crumbs": [{"name": "公示码", "url": reverse("notices")}, {"name": "打印", "url": ""}],
    }
    return render(request, "portal/sheet.html", context)


@officer_required(END)
def end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A lost or replaced notice is good no longer from today."""
    code = NoticeCode.objects.filter(request.scope.q("place__path"), pk=pk).select_related("place").first()
    if code is None:
        raise problems.UNKNOWN_CODE_ROW()
    request.scope.require(code.place.path, END)
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_code(
                code=code,
                on=clock.today(),
                ground=form.cleaned_data["ground"],
                by=request.scope.name,
                now=clock.now(),
            )
        except Problem as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, f"{code.place.name}的公示码已停用。")
            return redirect("notices")
    context = {
        "form": form,
        "title": f"停用{code.place.name}的公示码",
        "sentence": "从今天起扫这张公示码看不到投递情况，也不能反映；此前的反映不受影响。",
        "submit": "停用",
        "cancel": reverse("notices"),
        "crumbs": [{"name": "公示码", "url": reverse("notices")}, {"name": "停用", "url": ""}],
    }
    return render(request, "core/form_page.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@officer_required("see")
def list_words(request: OfficerRequest) -> HttpResponseBase:
    """What villagers said, beside whether a visit was claimed that day."""
    place = own_place(request)
    request.scope.require(place.path)
    claimed = Visit.objects.filter(place_id=OuterRef("place_id"), day=OuterRef("day"))
    rows = villagers.list_words(request.scope, place).annotate(claimed=Exists(claimed))
    context = {
        "place_chain": chain(request.scope, place, "villager_words"),
        "sentence": f"{place.name}的村民通过公示码反映当天来没来。反映是独立的佐证，本身不构成未达标；"
        "与当天打卡不一致的，值得一看。",
    }
    return list_page(request, tables.WORDS, rows, filters=WordFilters, scope=place.name, context=context)
