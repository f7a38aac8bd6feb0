"""What an error page says besides the error: what is safe, and what the person can do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """``safe``: what was not harmed; ``do``: what the person can do now."""

    safe: str
    do: str


NOTHING_CHANGED = "没有任何内容被更改。"
EXPLANATIONS = {
    400: Explanation(NOTHING_CHANGED, "请核对地址或填写的内容后重试。"),
    403: Explanation(NOTHING_CHANGED, "如因工作需要查看或办理，请联系本单位管理员核对您的岗位和授权范围。"),
    404: Explanation(NOTHING_CHANGED, "请核对地址，或用上方的搜索按名称查找；内容也可能不在您的管辖范围内。"),
    405: Explanation(NOTHING_CHANGED, "请从页面上的按钮重新操作。"),
    409: Explanation("他人先保存的内容已保留，您的这次修改没有写入。", "请重新打开页面，核对后再修改。"),
    413: Explanation("文件没有保存。", "请拆分成较小的文件后重新上传。"),
    422: Explanation("没有写入任何内容。", "请按上面的说明修改后重新提交。"),
    429: Explanation("此前已保存的内容不受影响。", "操作过于频繁，请稍等一分钟再试。"),
    503: Explanation("此前已保存的内容不受影响。", "系统正忙，请稍后重试。"),
}
UNKNOWN = Explanation(
    "此前已经保存的内容不受影响；这一步要么全部完成，要么完全没有发生。",
    "请稍后重试；反复出现时请联系系统管理员。",
)


def explanation_of(status: int) -> Explanation:
    """The explanation for an HTTP status."""
    return EXPLANATIONS.get(status, UNKNOWN)
