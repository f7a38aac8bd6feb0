"""What may go wrong with the registry, and how it is said; the row codes of imports beside it."""

from puyou.core.problems import declare

UNKNOWN_DUTY = declare("registry.unknown_duty", "没有这条投递频次", status=404)
DUTY_UNREASONABLE = declare(
    "registry.duty_unreasonable", "频次须为每周 1 至 7 次，或每日 1 次；收到“每{period} {times} 次”"
)
ENDS_BEFORE_START = declare("registry.ends_before_start", "截止日期 {on} 早于开始日期 {first}")
ENDED_ALREADY = declare("registry.ended_already", "已于 {on} 截止，不能再截止到更晚的日期")
GROUND_MISSING = declare("registry.ground_missing", "请写明依据")
NUMBER_TAKEN = declare("registry.number_taken", "编号“{number}”已被使用")
UNKNOWN_COURIER = declare("registry.unknown_courier", "没有这名投递员，或不在您的管辖范围", status=404)
UNKNOWN_DEVICE = declare("registry.unknown_device", "没有这台设备", status=404)
UNKNOWN_ROUND = declare("registry.unknown_round", "没有这个投递段，或不在您的管辖范围", status=404)
UNKNOWN_POINT = declare("registry.unknown_point", "没有这个接转点，或不在您的管辖范围", status=404)
UNKNOWN_VILLAGE = declare("registry.unknown_village", "没有这个村，或不在您的管辖范围", status=404)
NOT_A_VILLAGE = declare("registry.not_a_village", "“{name}”不是村级单位")
DEVICE_IN_USE = declare("registry.device_in_use", "设备“{identifier}”正由其他投递员领用，请先归还")
DEVICE_NOT_OUT = declare("registry.device_not_out", "设备“{identifier}”没有在用的领用记录")
ALREADY_ON_ROUND = declare("registry.already_on_round", "该村已在投递段“{number}”上")
AWAY_ALREADY = declare("registry.away_already", "{name}在这段时间已有请假记录")
NOT_SERVING = declare("registry.not_serving", "{name}在这段时间不在岗，不能代班")
NO_VILLAGES = declare("registry.no_villages", "请至少选择一个村代班")
NOT_ON_ROUND = declare("registry.not_on_round", "“{name}”这段时间不在投递段“{number}”上")
WALKS_ALREADY = declare("registry.walks_already", "{name}本来就走投递段“{number}”，不必代班")
SUBSTITUTED_ALREADY = declare("registry.substituted_already", "这段时间已由{name}代班，请先结束那次代班")
UNKNOWN_SUBSTITUTION = declare(
    "registry.unknown_substitution", "没有这次代班，或不在您的管辖范围", status=404
)
UNKNOWN_TAG_KIND = declare("registry.unknown_tag_kind", "村码类型“{kind}”应为 qr 或 nfc")
UNKNOWN_TAG = declare("registry.unknown_tag", "没有这个村码，或不在您的管辖范围", status=404)
UNKNOWN_ACCESS_MODE = declare("registry.unknown_access_mode", "投递方式“{mode}”应为 point 或 household")
POSITION_OUTSIDE_CHINA = declare("registry.position_outside_china", "位置（{lon}, {lat}）不在我国境内")
POSITION_NOT_A_NUMBER = declare("registry.position_not_a_number", "经纬度应为数值")
NAME_MISSING = declare("registry.name_missing", "请填写编号和名称")
BULK_UNEVEN = declare("registry.bulk_uneven", "成批数据各列长度不一致")
