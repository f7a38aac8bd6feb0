"""What may go wrong with notice codes and villagers' words."""

from puyou.core.problems import declare

UNKNOWN_CODE = declare("villagers.unknown_code", "没有这个公示码，请核对张贴的编号后重新输入", status=404)
ENDED_CODE = declare("villagers.ended_code", "这张公示码已于 {on} 停用，请看村里新张贴的公示码", status=410)
ENDED_ALREADY = declare("villagers.ended_already", "这张公示码已于 {on} 停用")
GROUND_MISSING = declare("villagers.ground_missing", "请写明停用原因")
UNKNOWN_HANGS = declare("villagers.unknown_hangs", "请选择张贴的地方")
NO_VILLAGE = declare("villagers.no_village", "{name}（{code}）不是村级单位，不能发公示码")
UNKNOWN_WORD = declare("villagers.unknown_word", "请点“今天没来”或“今天来了”")
STALE_PAGE = declare(
    "villagers.stale_page", "这个页面不是今天打开的，没有记录；请看今天的情况后再点", status=409
)
ENOUGH = declare(
    "villagers.enough", "本村今天的反映已达上限，这一次没有再记录；此前的反映都已保存", status=429
)
