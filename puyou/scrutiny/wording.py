"""How a visit's proof and what was measured about it read on the page."""

from math import isnan

from puyou.scrutiny.rules import Measures, in_words

SIGNATURES = ("没有签名", "有效", "无效：内容与签名不符", "密钥不属于这台设备，或当时已停用", "等待核验")
CHAINS = ("不在链上", "链首", "与前一条相接", "前一条尚未收到", "分叉：同一前一条或序号出现两次")
TAGS = ("没有扫", "本村在用的标签", "校验码不符", "另一个村的标签", "当日不在用的标签")
SHELL = {-1: "手机不能告知", 0: "否", 1: "是"}
NUMBERS = (
    ("距村点", "distance_m"),
    ("前后移动速度", "speed_kmh"),
    ("全天平均速度", "day_kmh"),
    ("定位早于打卡", "fix_age_s"),
    ("手机时钟跳动", "wall_jump_s"),
    ("与不可调时钟之差", "clock_gap_s"),
    ("途中自然抖动", "jitter_m"),
    ("途中行进", "way_m"),
)
Facts = list[tuple[str, str]]


def proof_of(seen: Measures) -> Facts:
    """Signature, chain, contact, tag and device, then every number that was measured."""
    facts = [("签名", SIGNATURES[seen.signature]), ("签名链", CHAINS[seen.chain])]
    if not isnan(seen.nonce_age_s):
        facts.append(("签名中的服务器时刻", _contact(seen.nonce_age_s)))
    facts += [("村标签", TAGS[seen.tag]), ("虚拟定位", SHELL[seen.mock]), ("系统被改", SHELL[seen.rooted])]
    for label, name in NUMBERS:
        value = float(getattr(seen, name))
        if not isnan(value):
            facts.append((label, in_words(name, value)))
    return facts


def _contact(age: float) -> str:
    told = in_words("nonce_age_s", age)
    return f"打卡之前 {told}" if age >= 0 else f"打卡之后 {told}"
