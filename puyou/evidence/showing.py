"""A subject's files as pages of other rooms show them: small pictures, roles, times, and what is alike elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from puyou.accounts.models import User
from puyou.core.formats import moment
from puyou.evidence import links, queries, rules
from puyou.evidence.queries import File, Match, Mentioned


@dataclass(frozen=True)
class Shown:
    """One file on a page; ``link`` is empty when there is nothing to look at, and ``state`` says why."""

    sha256: str
    role: str
    taken_at: datetime | None
    state: str
    link: str
    small: str
    is_voice: bool
    remarks: list[str]


def files_of(subject: str, *, by: User, now: datetime, purpose: str = "") -> list[Shown]:
    """The files that a subject mentions, for ``evidence/_files.html``; the caller has checked that ``by`` may see them.

    ``purpose`` is recorded with each view; the subject when it is left out.
    """
    mentions = queries.mentions_by(subject)
    hashes = [each.sha256 for each in mentions]
    files, matches = queries.files_of(hashes), queries.matches_of(hashes)
    return [
        _shown(mention, files.get(mention.sha256), match, by, now, purpose or subject)
        for mention, match in zip(mentions, matches, strict=True)
    ]


def _shown(
    mention: Mentioned, file: File | None, match: Match, by: User, now: datetime, purpose: str
) -> Shown:
    visible = file is not None and file.expired_at is None and file.problem != "missing"
    is_voice = file is not None and file.type.startswith("audio/")
    pictured = visible and not is_voice

    def link(view: str) -> str:
        return links.sign(mention.sha256, by, now, purpose=purpose, view=view)

    return Shown(
        sha256=mention.sha256,
        role=rules.ROLES.get(mention.role, mention.role),
        taken_at=mention.taken_at,
        state=state_of(file),
        link=link("evidence_file") if visible else "",
        small=link("evidence_small") if pictured and file and file.problem in ("", "featureless") else "",
        is_voice=is_voice,
        remarks=remarks_of(match, mention.subject),
    )


def state_of(file: File | None) -> str:
    """What became of the bytes, in words."""
    if file is None:
        return "尚未上传完"
    if file.expired_at is not None:
        return f"内容已于 {moment(file.expired_at)} 到期删除，哈希仍在"
    if file.examined_at is None:
        return "已收齐，待识别"
    return rules.TROUBLES.get(file.problem, "") or "已收齐"


def remarks_of(match: Match, subject: str) -> list[str]:
    """What is remarkable about a file beside others, as sentences."""
    found = []
    if match.exact_elsewhere:
        first = "最早由本次提交" if match.first_subject == subject else "最早由其他记录提交"
        found.append(f"同一文件另见于 {match.exact_elsewhere} 处（{first}）")
    if match.similar:
        found.append(f"与此前其他记录的 {len(match.similar)} 张照片相似，最近相差 {match.similar[0][1]} 位")
    if match.has_exif:
        found.append("含拍摄信息（EXIF），应由应用在拍摄时去除")
    return found
