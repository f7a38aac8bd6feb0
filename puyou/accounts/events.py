"""What the room says: every change of who may do what, and every coming and going."""

from puyou.core.events import declare

ORGANISATION_CREATED = declare("organisation.created", "新设机构")
POST_CREATED = declare("post.created", "新设岗位")
USER_CREATED = declare("user.created", "开立用户")
USER_SUSPENDED = declare("user.suspended", "停用用户")
USER_RESUMED = declare("user.resumed", "恢复用户")
PASSWORD_RESET = declare("password.reset", "重置密码")
PASSWORD_CHANGED = declare("password.changed", "修改密码")
APPOINTMENT_MADE = declare("appointment.made", "任职")
APPOINTMENT_ENDED = declare("appointment.ended", "免职")
GRANT_MADE = declare("grant.made", "授权")
GRANT_REVOKED = declare("grant.revoked", "撤销授权")
ROLE_LOADED = declare("role.loaded", "装载角色")
SESSION_BEGUN = declare("session.begun", "登录")
SESSION_ENDED = declare("session.ended", "结束会话")
SIGN_IN_LOCKED = declare("sign_in.locked", "登录锁定")
ACCESS_KEY_ISSUED = declare("access_key.issued", "发放接口密钥")
ACCESS_KEY_ENDED = declare("access_key.ended", "停用接口密钥")
PERSONAL_READ = declare("personal.read", "查看个人信息")
LIST_EXPORTED = declare("list.exported", "导出清单")
