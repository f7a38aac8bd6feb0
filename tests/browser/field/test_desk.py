"""Between the phone and the desk: hindrances, questions, decisions and appeals, substitutes, 我的数据."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from puyou.compliance.models import Excuse
from puyou.core import clock
from puyou.registry import actions as registry
from puyou.reviews import actions as reviews
from puyou.reviews.models import Answer, Appeal
from puyou.reviews.tests import cast as desk
from puyou.visits.models import Visit
from tests.browser.field.phone import Phone

Make = Callable[..., Phone]


def taken_in(phone: Phone) -> Visit:
    """The phone's visit, once the worker has understood it."""
    phone.settle()
    phone.eventually(lambda: Visit.objects.filter(courier_id=phone.courier.pk).exists())
    return Visit.objects.get(courier_id=phone.courier.pk)


def test_a_hindrance_becomes_a_proposed_excuse(phone: Phone) -> None:
    phone.settle()
    phone.page.get_by_role("link", name="不能投递").click()
    phone.press("存下")
    expect(phone.toast).to_contain_text("请选一个原因")
    phone.choose("道路中断")
    phone.page.get_by_label("说明（最多 500 字）").fill("塌方，车过不去")
    phone.press("存下")
    expect(phone.toast).to_contain_text("已存在手机里：不能投递的说明")
    phone.settle()
    phone.eventually(lambda: Excuse.objects.filter(ground="road_closed").exists())
    excuse = Excuse.objects.get(ground="road_closed")
    assert excuse.status == "proposed"


def test_a_question_of_the_desk_is_answered_on_the_phone(phone: Phone) -> None:
    phone.visit(phone.name(3))
    visit = taken_in(phone)
    officer = desk.officer(f"ask.{phone.courier.number}")
    reviews.ask_courier(doubtful=[visit], text="谁签收的？", by=officer, now=clock.now())
    phone.reopen()
    expect(phone.page.get_by_label("1 条待处理")).to_be_visible()
    phone.go("#/messages")
    phone.page.get_by_role("link", name="谁签收的？").click()
    phone.press("存下并上传")
    expect(phone.page.get_by_text("请写几句话")).to_be_visible()
    phone.page.get_by_label("您的回答").fill("村主任签收。")
    phone.press("存下并上传")
    expect(phone.toast).to_contain_text("已存在手机里：回答")
    phone.settle()
    phone.eventually(lambda: Answer.objects.filter(text="村主任签收。").exists())


def test_a_rejection_is_told_with_its_ground_and_may_be_appealed(phone: Phone) -> None:
    phone.visit(phone.name(3))
    visit = taken_in(phone)
    first, second = (desk.officer(f"{name}.{phone.courier.number}") for name in ("one", "two"))
    reviews.propose_rejection(doubtful=[visit], ground="照片与村点不符", by=first, now=clock.now())
    reviews.confirm_rejection(doubtful=[visit], by=second, now=clock.now())
    phone.reopen()
    phone.go("#/messages")
    expect(phone.page.get_by_text("不算数").first).to_be_visible()
    expect(phone.page.get_by_text("照片与村点不符")).to_be_visible()
    phone.follow("申诉")
    phone.page.get_by_label("为什么应当算数").fill("当天确实到了，村主任可以作证。")
    phone.press("存下并上传")
    phone.settle()
    phone.eventually(lambda: Appeal.objects.filter(visit_id=visit.pk).exists())


def test_a_substitute_sees_the_round_of_another(new_phone: Make) -> None:
    regular = new_phone()
    stand_in = new_phone(regular.town.new_courier(villages=0))
    today = clock.today()
    registry.substitute(
        round_=regular.town.round_of(regular.courier),
        courier=stand_in.courier,
        valid_from=today,
        valid_to=today + timedelta(days=1),
        **regular.town.by,
    )
    stand_in.enrol()
    expect(stand_in.title).to_contain_text("今天 5 个村")
    expect(stand_in.page.get_by_text("代马小军").first).to_be_visible()
    stand_in.agree()
    stand_in.visit()
    stand_in.settle()
    assert "unplanned" not in stand_in.visits()[0]["payload"]


def test_my_data_shows_what_is_kept_and_for_how_long(phone: Phone) -> None:
    phone.visit(phone.name(3))
    taken_in(phone)
    phone.go("#/month")
    expect(phone.page.get_by_role("cell", name="到村 1 次")).to_be_visible()
    expect(phone.page.get_by_role("list", name="到村记录")).to_contain_text(phone.name(3))
    expect(phone.page.get_by_role("list", name="保存期限")).to_contain_text("位置")
    expect(phone.page.get_by_role("list", name="同意记录")).to_contain_text("同意")
    phone.go("#/mine")
    with phone.offline():
        phone.go("#/month")
        expect(phone.page.get_by_text("没有信号，这是")).to_be_visible()
