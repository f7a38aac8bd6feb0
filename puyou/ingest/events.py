"""What the front door says happened."""

from puyou.core import events

BATCH_ACCEPTED = events.declare("batch.accepted", "收到一批信封")
BATCH_QUARANTINED = events.declare("batch.quarantined", "一批信封转入隔离")
PROOFS_CHECKED = events.declare("proofs.checked", "核验一批信封凭证")
TOKEN_ISSUED = events.declare("token.issued", "发放设备令牌")
TOKEN_REVOKED = events.declare("token.revoked", "停用设备令牌")
ENROLMENT_CODE_ISSUED = events.declare("enrolment_code.issued", "发放开通码")
DEVICE_ENROLLED = events.declare("device.enrolled", "手机开通")
DEVICE_SUSPENDED = events.declare("device.suspended", "暂停手机")
DEVICE_RESUMED = events.declare("device.resumed", "恢复手机")
DEVICE_REVOKED = events.declare("device.revoked", "收回手机")
DEVICE_REPLACED = events.declare("device.replaced", "更换手机")
