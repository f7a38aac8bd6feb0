"""Putting messages in the queue, long after the case's transaction: new notices, and the day in one sentence at eight.

Messages name the case by its number and procedure, never by words that people wrote: they leave the house.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import scope_for
from puyou.cases.models import Case
from puyou.core import clock
from puyou.core.periods import day_of
from puyou.workbench import desk
from puyou.workbench.channels import PERSONAL, ROBOTS
from puyou.workbench.models import ChannelSetting, Delivery, Digest, NoticePreference

SINCE = timedelta(days=2)  # what is older was missed for good: the product itself still shows it
DIGEST_FROM, DIGEST_UNTIL = 8, 20  # o'clock in Shanghai
AT_ONCE = 200  # digests in one go
_TEXT = "'【普邮】' || c.number || '（' || pr.name || '）有新进展，请登录系统查看。'"
_TO_PEOPLE = f"""
INSERT INTO workbench_delivery
  (key, kind, channel, user_id, text, status, attempts, due_at, sent_to, error, created_at)
SELECT 'notice:' || n.id || ':' || p.channel, 'notice', p.channel, n.user_id,
  {_TEXT}, 'waiting', 0, %(now)s, '', '', %(now)s
FROM workbench_noticepreference p
JOIN accounts_user u ON u.id = p.user_id AND u.is_active
JOIN cases_casenotice n ON n.user_id = p.user_id AND n.at >= %(since)s AND n.at >= p.since
JOIN cases_case c ON c.id = n.case_id
JOIN cases_procedureversion v ON v.id = c.version_id JOIN cases_procedure pr ON pr.id = v.procedure_id
WHERE p.at_once AND p.channel = ANY(%(channels)s)
  AND NOT EXISTS (SELECT 1 FROM workbench_delivery d WHERE d.key = 'notice:' || n.id || ':' || p.channel)
ORDER BY n.id LIMIT 5000
ON CONFLICT (key) DO NOTHING
"""
_TO_GROUPS = f"""
INSERT INTO workbench_delivery
  (key, kind, channel, setting_id, text, status, attempts, due_at, sent_to, error, created_at)
SELECT DISTINCT 'event:' || n.case_id || ':' || extract(epoch FROM n.at) || ':' || s.id, 'notice', s.channel, s.id,
  {_TEXT}, 'waiting', 0, %(now)s::timestamptz, '', '', %(now)s::timestamptz
FROM workbench_channelsetting s
JOIN accounts_post o ON o.organisation_id = s.organisation_id
JOIN accounts_appointment a ON a.post_id = o.id
  AND a.valid_from <= %(today)s AND (a.valid_to IS NULL OR a.valid_to > %(today)s)
JOIN cases_casenotice n ON n.user_id = a.user_id AND n.at >= %(since)s AND n.at >= s.changed_at
JOIN cases_case c ON c.id = n.case_id
JOIN cases_procedureversion v ON v.id = c.version_id JOIN cases_procedure pr ON pr.id = v.procedure_id
WHERE s.enabled AND s.at_once AND s.channel = ANY(%(channels)s) AND NOT EXISTS (
  SELECT 1 FROM workbench_delivery d
  WHERE d.key = 'event:' || n.case_id || ':' || extract(epoch FROM n.at) || ':' || s.id)
LIMIT 5000
ON CONFLICT (key) DO NOTHING
"""


@transaction.atomic
def queue_notices(*, now: datetime) -> int:
    """Queue what people were told in the product and want to hear outside; how many messages. Safe to repeat."""
    given = {"now": now, "since": now - SINCE, "today": day_of(now)}
    with connection.cursor() as cursor:
        cursor.execute(_TO_PEOPLE, given | {"channels": list(PERSONAL)})
        people = cursor.rowcount
        cursor.execute(_TO_GROUPS, given | {"channels": list(ROBOTS)})
        return int(people + cursor.rowcount)


def queue_digests(*, now: datetime) -> int:
    """From eight in the morning, once a day for everybody who wants it: the day in one sentence. Safe to repeat."""
    local = now.astimezone(clock.SHANGHAI)
    if not DIGEST_FROM <= local.hour < DIGEST_UNTIL:
        return 0
    return _to_people(local.date(), now) + _to_groups(local.date(), now)


def _to_people(on: date, now: datetime) -> int:
    wanted = NoticePreference.objects.filter(digest=True, user__is_active=True, channel__in=PERSONAL)
    done = Digest.objects.filter(on=on).values("user")
    people = User.objects.filter(pk__in=wanted.values("user")).exclude(pk__in=done).order_by("pk")[:AT_ONCE]
    for user in people:
        _sum_up(user, on, now)
    return len(people)


@transaction.atomic
def _sum_up(user: User, on: date, now: datetime) -> None:
    text = digest_of(user, now)
    made, fresh = Digest.objects.get_or_create(user=user, on=on, defaults={"text": text})
    channels = NoticePreference.objects.filter(user=user, digest=True).values_list("channel", flat=True)
    if fresh and made.text:
        Delivery.objects.bulk_create(
            (
                Delivery(
                    key=f"digest:{on}:{user.pk}:{channel}", kind=Delivery.Kind.DIGEST, channel=channel, user=user,
                    text=text, due_at=now, created_at=now,
                )
                for channel in channels
            ),
            ignore_conflicts=True,
        )  # fmt: skip


def digest_of(user: User, now: datetime) -> str:
    """A person's day in one sentence; empty when there is nothing to say."""
    scope = scope_for(user, day_of(now))
    if not scope.may("see"):
        return ""
    found = desk.desk_of(desk.asker_of(scope, user), now)
    changes = found.counted["changes"].count
    if not found.total and not changes:
        return ""
    overdue = desk.mine(desk.asker_of(scope, user)).filter(due_on__lt=found.today).count()
    said = [f"待办 {found.total} 件"]
    said += [f"其中案件超期 {overdue} 件"] if overdue else []
    said += [f"昨天以来变化 {changes} 项"] if changes else []
    return f"【普邮】{'，'.join(said)}。请登录系统查看。"


def _to_groups(on: date, now: datetime) -> int:
    settings = ChannelSetting.objects.filter(enabled=True, digest=True, channel__in=ROBOTS)
    made = 0
    for setting in settings.select_related("organisation"):
        key = f"digest:{on}:setting:{setting.pk}"
        if Delivery.objects.filter(key=key).exists():
            continue
        text = _office_digest(setting.organisation, on)
        made += len(
            Delivery.objects.bulk_create(
                [Delivery(key=key, kind=Delivery.Kind.DIGEST, channel=setting.channel, setting=setting, text=text,
                          due_at=now, created_at=now)],
                ignore_conflicts=True,
            )
        )  # fmt: skip
    return made


def _office_digest(organisation: Organisation, on: date) -> str:
    """How an office's or a company's open cases stand."""
    own = (
        Case.objects.filter(office=organisation)
        if organisation.kind == Organisation.Kind.REGULATOR
        else Case.objects.filter(operator=organisation, shared=True)
    )
    held = own.filter(closed_at=None)
    count, overdue, today = held.count(), held.filter(due_on__lt=on).count(), held.filter(due_on=on).count()
    return f"【普邮】{organisation.name}在办案件 {count} 件，超期 {overdue} 件，今天到期 {today} 件。"[:300]
