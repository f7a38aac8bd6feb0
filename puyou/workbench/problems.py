"""What may go wrong with channels and being told."""

from puyou.core.problems import declare

UNKNOWN_CHANNEL = declare("workbench.unknown_channel", "没有这种通知渠道，或机构不在您的权限之内", status=404)
UNKNOWN_ORGANISATION = declare("workbench.unknown_organisation", "您的权限之内没有叫“{name}”的机构")
NO_ADDRESS = declare(
    "workbench.no_address", "测试发给您本人：请先在接收设置中填写您的{channel}地址", status=409
)
NOT_SET = declare("workbench.not_set", "请先保存这一渠道的设置，再测试", status=409)
