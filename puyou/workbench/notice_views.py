"""The pages of being told outside: one's own wishes, an organisation's channels, what was sent."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle, trail
from puyou.core import clock
from puyou.core.tables import list_page, listing
from puyou.workbench import actions, forms, problems, tables
from puyou.workbench.channels import CHANNELS, PERSONAL
from puyou.workbench.models import ChannelSetting, Delivery, NoticePreference

SWITCHES = ("enabled", "at_once", "digest")


@officer_required("see")
def preferences(request: HttpRequest) -> HttpResponseBase:
    """接收设置: how one wants to be told outside the product, and what was sent."""
    asked = cast(OfficerRequest, request)
    held = list(NoticePreference.objects.filter(user=asked.user))
    form = forms.PreferenceForm(request.POST if request.method == "POST" else None, held)
    if form.is_bound and form.is_valid():
        for code in PERSONAL:
            given = {name: form.cleaned_data[f"{code}_{name}"] for name in ("address", "at_once", "digest")}
            actions.save_preference(user=asked.user, channel=code, now=clock.now(), **given)
        messages.success(request, "已保存接收设置。")
        return redirect("notice_preferences")
    sent = Delivery.objects.filter(user=asked.user).order_by("-created_at", "-pk")
    context = {
        "title": "接收设置",
        "sentence": "系统内的办理通知总会有；这里决定是否另发到您的邮箱或手机。消息只写案号和程序，不写内容。",
        "form": form,
        "table": listing(request, tables.OWN_DELIVERIES, sent, scope="本人"),
    }
    return render(request, "workbench/preferences.html", context, status=422 if form.errors else 200)


def _settings(scope: Scope) -> Any:
    held = ChannelSetting.objects.filter(scope.q("organisation__place__path", actions.MANAGE))
    return held.select_related("organisation__place", "changed_by").order_by(
        "organisation__place__path", "channel"
    )


@officer_required(actions.MANAGE)
def channels(request: HttpRequest) -> HttpResponseBase:
    """通知渠道: what the organisations in scope have set."""
    asked = cast(OfficerRequest, request)
    context = {
        "crumbs": trail("通知渠道"),
        "create_address": "/system/channels/new/",
        "create_label": "设置渠道",
        "sentence": "各机构向外发送办理通知和每日摘要的渠道；下级机构没有设置的，用上级同类机构的。",
    }
    return list_page(request, tables.CHANNELS_SET, _settings(asked.scope), scope="管辖范围", context=context)


@officer_required(actions.MANAGE)
def channel_new(request: HttpRequest) -> HttpResponseBase:
    """Choose whose channel to set."""
    asked = cast(OfficerRequest, request)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        name = data["organisation"].strip()
        found = Organisation.objects.filter(asked.scope.q("place__path", actions.MANAGE), name=name).first()
        if found is None:
            raise problems.UNKNOWN_ORGANISATION(name=name[:40])
        return redirect("channel_setting", pk=found.pk, code=data["channel"])

    return handle(asked, forms.ChooseForm, act, title="设置通知渠道", back=("channel_list",), submit="下一步")


@officer_required(actions.MANAGE)
def channel(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """An organisation's setting of one channel: saved, then tried by the button beneath."""
    asked = cast(OfficerRequest, request)
    organisation, held = _asked_for(asked.scope, pk, code)
    kind = CHANNELS[code]
    form = forms.ChannelForm(request.POST if request.method == "POST" else None, kind, held)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        actions.save_setting(
            organisation=organisation,
            channel=code,
            values={name: data[name] for name in kind.fields},
            secret=data.get("secret", ""),
            switches={name: bool(data.get(name)) for name in SWITCHES},
            by=asked.user,
            scope=asked.scope,
            now=clock.now(),
        )
        messages.success(request, f"已保存{kind.name}的设置。")
        return redirect("channel_setting", pk=pk, code=code)
    sent = (
        Delivery.objects.filter(setting=held).order_by("-created_at", "-pk")
        if held
        else Delivery.objects.none()
    )
    context = {
        "title": f"{organisation.name} {kind.name}",
        "crumbs": trail(kind.name, ("通知渠道", "channel_list")),
        "sentence": kind.help,
        "form": form,
        "held": held,
        "organisation": organisation,
        "kind": kind,
        "cancel": "/system/channels/",
        "table": listing(request, tables.DELIVERIES, sent, scope=organisation.name),
    }
    return render(request, "workbench/channel.html", context, status=422 if form.errors else 200)


@require_POST
@officer_required(actions.MANAGE)
def channel_test(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Try a setting: to the group, or to oneself."""
    asked = cast(OfficerRequest, request)
    _, held = _asked_for(asked.scope, pk, code)
    if held is None:
        raise problems.NOT_SET()
    sent = actions.test_setting(setting=held, by=asked.user, now=clock.now())
    if sent.status == Delivery.Status.SENT:
        messages.success(request, "测试消息已发出，请在收件一端确认。")
    else:
        messages.error(request, f"测试消息没有发出：{sent.error}")
    return redirect("channel_setting", pk=pk, code=code)


def _asked_for(scope: Scope, pk: int, code: str) -> tuple[Organisation, ChannelSetting | None]:
    found = (
        Organisation.objects.filter(scope.q("place__path", actions.MANAGE), pk=pk)
        .select_related("place")
        .first()
    )
    if found is None or code not in CHANNELS:
        raise problems.UNKNOWN_CHANNEL()
    return found, ChannelSetting.objects.filter(organisation=found, channel=code).first()


@officer_required(actions.MANAGE)
def deliveries(request: HttpRequest) -> HttpResponseBase:
    """发送记录: what was sent by the settings and to the people of the organisations in scope; page or file."""
    asked = cast(OfficerRequest, request)
    by_setting = asked.scope.q("setting__organisation__place__path", actions.MANAGE)
    to_people = asked.scope.q("user__organisation__place__path", actions.MANAGE)
    rows = Delivery.objects.filter(Q(by_setting) | Q(to_people)).select_related(
        "user", "setting__organisation"
    )
    return list_page(
        request, tables.DELIVERIES, rows.order_by("-created_at", "-pk"), filters=forms.DeliveryFilters,
        scope="管辖范围", context={"crumbs": trail("发送记录")},
    )  # fmt: skip
