"""What the room says: duties, people, devices, rounds and points, each with its span."""

from puyou.core.events import declare

DUTIES_IMPORTED = declare("duties.imported", "载入投递频次")
DUTY_ENDED = declare("duty.ended", "截止投递频次")
DUTY_CHANGED = declare("duty.changed", "变更投递频次")
OPERATOR_REGISTERED = declare("operator.registered", "登记企业")
COURIER_REGISTERED = declare("courier.registered", "登记投递员")
COURIER_ENDED = declare("courier.ended", "投递员离岗")
COURIER_ASSIGNED = declare("courier.assigned", "派员")
DEVICE_REGISTERED = declare("device.registered", "登记设备")
DEVICE_BOUND = declare("device.bound", "领用设备")
DEVICE_RETURNED = declare("device.returned", "归还设备")
ROUND_CREATED = declare("round.created", "设立投递段")
ROUND_EXTENDED = declare("round.extended", "投递段增村")
POINT_CONFIRMED = declare("point.confirmed", "确认村点")
POINT_LEARNT = declare("point.learnt", "学习村点")
POINTS_IMPORTED = declare("points.imported", "载入村点")
DELIVERY_POINT_CREATED = declare("delivery_point.created", "设立接转点")
DELIVERY_POINT_SERVED = declare("delivery_point.served", "接转点服务村")
REGISTRY_FILLED = declare("registry.filled", "成批登记")
