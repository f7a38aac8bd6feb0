"""A phone brings a code and its key, and any phone asks which app we know."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from puyou.core import clock
from puyou.ingest import actions, answers, gate, nonces, versions
from puyou.ingest.views.envelopes import PUYOU_APP, app_of

router = Router(tags=["enrolments"])


@router.post(
    "/enrolments",
    response={200: answers.EnrolmentAnswer, (400, 403, 422, 429, 503): answers.Failure},
    summary="凭开通码开通手机",
)
def enrol(request: HttpRequest, asked: answers.EnrolmentRequest) -> dict[str, Any]:
    """`device` 由手机生成（P- 加 22 个 base64url 字符）；`key` 为 P-256 公钥（JWK）。

    `signature` 是对 UTF-8 文字 `enrol:<开通码>:<device>` 的签名（r‖s，base64url；开通码为 10 个大写字符，不含连字符），
    证明手机持有私钥。同一开通码、设备和密钥可以在有效期内重复提交：前一个令牌随之失效。开通码错误、用过、过期，回答相同。
    """
    now = clock.now()
    with gate.counting_guesses(request.META.get("REMOTE_ADDR", "")):
        enrolled = actions.enrol_device(**asked.dict(), now=now)
    return {
        "token": enrolled.token,
        "device": enrolled.device.identifier,
        "key_id": enrolled.key_id,
        "courier": {"number": enrolled.courier.number, "name": enrolled.courier.name},
        "nonce": nonces.make(enrolled.device.identifier, now),
        "server_time": now,
        "app": {"minimum": versions.MINIMUM, "current": versions.CURRENT},
    }


@router.get(
    "/field/version",
    response={200: answers.Version, 503: answers.Failure},
    openapi_extra={"parameters": [PUYOU_APP]},
    summary="通邮应用的版本",
)
def version(request: HttpRequest) -> dict[str, Any]:
    """最低可用版本和最新版本；请求头 `Puyou-App` 低于它们时，`message` 是可以显示给投递员的话。"""
    return {
        "minimum": versions.MINIMUM,
        "current": versions.CURRENT,
        "message": versions.message(app_of(request)),
    }
