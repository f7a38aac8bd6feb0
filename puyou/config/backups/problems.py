"""What may go wrong with backups and restores."""

from puyou.core import problems

NO_STORE = problems.declare(
    "config.backup_no_store", "请用 --to 或环境变量 PUYOU_BACKUP_URL 指明备份位置（文件夹，或 s3://桶/前缀）"
)
NO_KEY = problems.declare(
    "config.backup_no_key",
    "备份必须加密：请用环境变量 PUYOU_BACKUP_KEY_FILE 指明密钥文件，"
    "或用 PUYOU_BACKUP_PASSPHRASE 给出口令（至少 {least} 个字符）",
)
BAD_KEY_FILE = problems.declare(
    "config.backup_bad_key_file", "密钥文件 {path} 读不出，应为 64 个十六进制字符"
)
KEY_EXISTS = problems.declare("config.backup_key_exists", "{path} 已经存在，不会覆盖")
WRONG_KEY = problems.declare("config.backup_wrong_key", "密钥或口令与这份备份不符")
OTHER_KEY = problems.declare("config.backup_other_key", "这处备份是用{kind}加密的，请提供{kind}")
DAMAGED = problems.declare("config.backup_damaged", "备份中的 {name} 已被截断或改动，不能使用")
MISSING = problems.declare("config.backup_missing", "备份中缺少 {name}")
NOT_A_BACKUP = problems.declare("config.backup_not_found", "{place} 没有普邮的备份")
NOT_EMPTY = problems.declare("config.backup_not_empty", "{home} 不是空文件夹；恢复只写入新的空文件夹")
BAD_MOMENT = problems.declare(
    "config.backup_bad_moment", "时间“{text}”应形如 2026-11-26T15:30:00+08:00，带时区"
)
NO_BASE = problems.declare("config.backup_no_base", "{moment} 之前没有完整的基础备份")
UNREACHABLE = problems.declare("config.backup_unreachable", "备份位置无法使用：{reason}")
CONFLICT = problems.declare(
    "config.backup_conflict", "{name} 已由另一个系统写入，内容不同；恢复出来的系统要换一个备份位置"
)
NOT_COPIED = problems.declare("config.backup_not_copied", "数据库没有备份成：{reason}")
NOT_RESTORED = problems.declare("config.backup_not_restored", "数据库没有恢复成：{reason}")
BUSY = problems.declare("config.backup_busy", "另一个备份正在进行，请等它完成")
OTHER_VERSION = problems.declare(
    "config.backup_other_version",
    "备份出自 PostgreSQL {theirs}，内置数据库是 {ours}；请由数据库管理员用同版本恢复（docs/runbooks/restore.md）",
)
