"""Pages on which an office publishes how a case ended, and takes it back."""

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems
from puyou.cases.papers.forms import GroundForm
from puyou.cases.papers.views.common import filled_in, own_case
from puyou.cases.publicity import actions
from puyou.cases.views.asking import actor_of
from puyou.core import clock


class PublicationForm(forms.Form):
    """What everybody will read."""

    use_required_attribute = False

    title = forms.CharField(label="标题", max_length=actions.TITLE_LIMIT)
    summary = forms.CharField(
        label="办理情况", max_length=actions.SUMMARY_LIMIT, widget=forms.Textarea(attrs={"rows": 8})
    )
    checked = forms.BooleanField(label="已核对，不含个人信息和不应公开的内容")


@officer_required()
def publication_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Publish how a case ended."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    if case.closed_at is None:
        raise problems.NOT_PUBLISHABLE()
    form = PublicationForm(request.POST or None, initial={"title": case.title})

    def publish() -> str:
        said = form.cleaned_data
        actions.publish_case(
            case_id=pk, title=said["title"], summary=said["summary"], actor=actor, now=clock.now()
        )
        return "已公开办理结果。"

    page = {
        "title": f"公开办理结果 · {case.number}",
        "sentence": "公众可以看到标题、程序、地点、主管部门、企业、结果、起止日期和办理情况；"
        "公开后不能修改，可以撤回再公开。",
        "submit": "公开",
    }
    return filled_in(request, pk, form, publish, page)


@officer_required()
def publication_withdraw(request: HttpRequest, pk: int, publication: int) -> HttpResponseBase:
    """Take a publication back with its ground."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = case.publications.filter(pk=publication, withdrawn_at=None).first()
    if found is None:
        raise problems.UNKNOWN_PUBLICATION()
    form = GroundForm(request.POST or None)

    def withdraw() -> str:
        ground = form.cleaned_data["ground"]
        actions.withdraw_publication(
            case_id=pk, publication_id=publication, ground=ground, actor=actor, now=clock.now()
        )
        return "已撤回公开。"

    page = {"title": f"撤回公开 · {case.number}", "sentence": found.title, "submit": "撤回"}
    return filled_in(request, pk, form, withdraw, page)
