"""What the front door says happened."""

from puyou.core import events

BATCH_ACCEPTED = events.declare("batch.accepted", "收到一批信封")
BATCH_QUARANTINED = events.declare("batch.quarantined", "一批信封转入隔离")
TOKEN_ISSUED = events.declare("token.issued", "发放设备令牌")
TOKEN_REVOKED = events.declare("token.revoked", "停用设备令牌")
