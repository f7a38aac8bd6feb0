"""What is filled in about channels and being told."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator, validate_email

from puyou.core import outward
from puyou.core.filters import Filters
from puyou.workbench.channels import CHANNELS, CHOICES
from puyou.workbench.channels.kinds import Channel
from puyou.workbench.models import ChannelSetting, Delivery, NoticePreference, StuckCase

TELEPHONE = RegexValidator(re.compile(r"\A1[3-9][0-9]{9}\Z", re.ASCII), "应为 11 位手机号码")
ADDRESSES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "mail": ("邮箱地址", validate_email),
    "sms": ("手机号码", TELEPHONE),
}
SENDER = "sender"


class PreferenceForm(forms.Form):
    """One's own wishes, three fields a channel."""

    use_required_attribute = False

    def __init__(self, data: Any, held: list[NoticePreference]) -> None:
        super().__init__(data)
        known = {one.channel: one for one in held}
        for code, (label, validator) in ADDRESSES.items():
            one = known.get(code)
            self.fields[f"{code}_address"] = forms.CharField(
                label=label,
                max_length=100,
                required=False,
                validators=[validator],
                initial=one.address if one else "",
            )
            self.fields[f"{code}_at_once"] = forms.BooleanField(
                label=f"{CHANNELS[code].name}：有办理通知时即时发送",
                required=False,
                initial=bool(one and one.at_once),
            )
            self.fields[f"{code}_digest"] = forms.BooleanField(
                label=f"{CHANNELS[code].name}：每天八点发送一条摘要",
                required=False,
                initial=bool(one and one.digest),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for code, (label, _) in ADDRESSES.items():
            wanted = values.get(f"{code}_at_once") or values.get(f"{code}_digest")
            if wanted and not values.get(f"{code}_address") and f"{code}_address" not in self.errors:
                self.add_error(f"{code}_address", f"请填写{label}，或取消勾选")
        return values


class ChannelForm(forms.Form):
    """An organisation's setting of one channel. The secret is never shown again; left empty, it stays."""

    use_required_attribute = False

    def __init__(self, data: Any, channel: Channel, held: ChannelSetting | None) -> None:
        super().__init__(data)
        self._lacks_secret = bool(channel.secret) and not (held and held.secret)
        for code, label in channel.fields.items():
            initial = held.values.get(code, "") if held else ""
            self.fields[code] = forms.CharField(label=label, max_length=300, required=False, initial=initial)
        if channel.secret:
            self.fields["secret"] = forms.CharField(
                label=channel.secret,
                max_length=300,
                required=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                help_text="加密保存，不再显示；留空则不更改。"
                if held and held.secret
                else "加密保存，不再显示。",
            )
        switches = [("enabled", "启用", True)]
        if not channel.personal:
            switches += [("at_once", "有办理通知时即时发到群里", False), ("digest", "每天八点发到群里", True)]
        for code, label, default in switches:
            initial_switch = getattr(held, code) if held else default
            self.fields[code] = forms.BooleanField(label=label, required=False, initial=initial_switch)

    def clean_sender(self) -> str:
        sender = str(self.cleaned_data[SENDER]).strip()
        if sender:
            validate_email(sender)
        return sender

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if url:
            try:
                outward.find_target(url)
            except outward.Failed:
                pass  # the name is not known now; sending will say so
            except outward.Refused as error:
                raise forms.ValidationError(str(error)) from error
        return url

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"]).strip()
        if self._lacks_secret and not secret:
            raise forms.ValidationError("请填写，没有它不能发送")
        return secret


class ChooseForm(forms.Form):
    """Whose channel is to be set."""

    organisation = forms.CharField(label="机构名称", max_length=100)
    channel = forms.ChoiceField(label="渠道", choices=CHOICES)


class DeliveryFilters(Filters):
    """Messages by channel, kind and what became of them."""

    channel = forms.ChoiceField(label="渠道", required=False, choices=[("", "全部"), *CHOICES])
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Delivery.Kind.choices])
    status = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *Delivery.Status.choices])
    lookups: ClassVar[dict[str, str]] = {"channel": "channel", "kind": "kind", "status": "status"}


class StuckFilters(Filters):
    """Why a case stands still."""

    reason = forms.ChoiceField(
        label="原因", required=False, choices=[("", "全部"), *StuckCase.Reason.choices]
    )
    lookups: ClassVar[dict[str, str]] = {"reason": "reason"}
