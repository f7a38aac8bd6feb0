"""What a visit said beyond place and time, in words for the visit's page."""

from typing import Any

from puyou.registry import tags
from puyou.visits import particulars
from puyou.visits.models import VisitDetail

KINDS = {
    "letters": "信件", "papers": "报刊", "newspapers": "报刊",
    "parcels": "包裹", "notices": "通知单", "magazines": "杂志",
}  # fmt: skip
TRUTHS = {True: "是", False: "否"}


def describe_detail(detail: VisitDetail | None) -> list[tuple[str, str]]:
    """Label and text of everything that was said, nothing of what was not."""
    if detail is None:
        return []
    told = {
        "交付": _handed(detail.handed),
        "交付方式": particulars.MODES.get(detail.mode or "", ""),
        "接收人": particulars.RECEIVERS.get(detail.receiver or "", ""),
        "说明": detail.note or "",
        "照片": _photos(detail.photos),
        "语音说明": "有" if detail.voice else "",
        "村码": tags.STATES[detail.tag_state] if detail.tag else "",
        "计划外": TRUTHS[True] if detail.unplanned else "",
        "定位早于打卡": f"{detail.fix_age_s:.0f} 秒" if detail.fix_age_s is not None else "",
        "进村轨迹": f"{len(detail.approach)} 个定位点" if detail.approach else "",
        "时钟跳动": f"{detail.wall_jump_ms / 1000:.0f} 秒" if detail.wall_jump_ms else "",
        "应用": particulars.SHELLS.get(detail.shell or "", ""),
        "模拟定位": TRUTHS.get(detail.mock, "") if detail.mock is not None else "",
        "系统被改造": TRUTHS.get(detail.rooted, "") if detail.rooted is not None else "",
        "定位权限": particulars.PERMISSIONS.get(detail.position_permission or "", ""),
        "相机权限": particulars.PERMISSIONS.get(detail.camera_permission or "", ""),
    }
    return [(label, text) for label, text in told.items() if text]


def _handed(handed: dict[str, int] | None) -> str:
    given = [f"{KINDS.get(kind, kind)} {count} 件" for kind, count in (handed or {}).items() if count]
    return "、".join(given) or ("无" if handed else "")


def _photos(photos: list[dict[str, Any]] | None) -> str:
    roles = [particulars.PHOTO_ROLES[photo.get("role") or "other"] for photo in photos or ()]
    return f"{len(roles)} 张（{'、'.join(dict.fromkeys(roles))}）" if roles else ""
