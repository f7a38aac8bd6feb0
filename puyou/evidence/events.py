"""What the evidence room says happened."""

from puyou.core import events

FILE_COMPLETED = events.declare("file.completed", "收齐一个证据文件")
FILES_EXAMINED = events.declare("files.examined", "读出一批证据文件的特征")
FILE_VIEWED = events.declare("file.viewed", "查看证据文件")
FILES_EXPIRED = events.declare("files.expired", "到期删除一批证据文件的内容")
FILES_HELD = events.declare("files.held", "留存一项证据")
FILES_RELEASED = events.declare("files.released", "解除证据留存")
