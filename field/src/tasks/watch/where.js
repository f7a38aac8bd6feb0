// The position that goes with a report or a result: only while its form is open, only when the supervisor says so.
import { h } from "../../ui/h.js";
import { tick } from "../../ui/parts.js";

/** `form.located` says whether the position goes along. Gives `{node, leave, position()}`. */
export function wherePart(app, form, keep) {
  const line = h("p", { class: "help", role: "status" });
  const show = () => {
    const { position, trouble } = app.phone.location();
    line.textContent = !form.located ? "不带位置也可以。" : position ? `已定位，误差 ${Math.round(position.accuracy_m)} 米` : troubles[trouble] || "正在定位 …";
  };
  const turn = (on) => {
    form.located = on;
    if (on) app.phone.approach();
    else app.phone.depart();
    show();
    return keep();
  };
  const off = app.phone.on("location", show);
  if (form.located) app.phone.approach();
  show();
  return {
    node: h("div", { class: "field" }, tick("附上现在的位置", form.located, turn), line),
    leave: () => (off(), app.phone.depart()),
    position: () => (form.located ? app.phone.location().position : null),
  };
}

const troubles = { denied: "手机没有允许定位，将不带位置", unavailable: "这里定不了位，将不带位置", timeout: "还没有定到位，可以先存下" };
