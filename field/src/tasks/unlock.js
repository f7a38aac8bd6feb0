// Opening with the PIN. Behind it nothing can be read but how many villages today has.
import { isTrouble } from "../trouble.js";
import { h } from "../ui/h.js";
import { pinPad } from "../ui/pad.js";
import { dayOf, lengthOf } from "../ui/times.js";

export async function unlock(app) {
  const round = await app.phone.round();
  const today = round && round.day === dayOf(Date.now()) ? `今天 ${round.villages.filter((one) => one.planned).length} 个村` : "";
  const { courier } = app.status;
  const pad = pinPad("输入 6 位密码打开", (pin) => open(app, pad, pin));
  const who = h("p", { class: "center quiet" }, [courier && courier.name, today].filter(Boolean).join(" · "));
  const forgot = h("p", { class: "center" }, h("a", { class: "plain-link", href: "#/recover" }, "忘了密码"));
  return { title: "普邮·通邮", body: [h("div", { class: "stack" }, who, pad.node, forgot)], bare: true, statusToo: true };
}

async function open(app, pad, pin) {
  pad.rest(true);
  try {
    await app.phone.unlock(pin);
    await app.show();
    app.opened();
  } catch (error) {
    if (!isTrouble(error)) throw error;
    pad.clear(refusal(error));
    setTimeout(() => pad.rest(false), error.details && error.details.wait_ms ? Math.min(error.details.wait_ms, 5000) : 0);
    return;
  }
  pad.rest(false);
}

/** Pure: why it stays closed. */
export function refusal({ code, message, details = {} }) {
  if (code === "wait") return `错得太多，请过 ${lengthOf(details.wait_ms)} 再试`;
  if (code !== "wrong_pin") return message;
  const wait = details.wait_ms ? `，请过 ${lengthOf(details.wait_ms)} 再试` : "";
  return `密码不对${details.left ? `，还可以试 ${details.left} 次` : ""}${wait}`;
}
