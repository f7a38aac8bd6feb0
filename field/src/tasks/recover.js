// When the PIN was forgotten: the recovery text that the office noted down. When the first store is gone: the second copy.
import { isTrouble } from "../trouble.js";
import { fill, h } from "../ui/h.js";
import { pinPad } from "../ui/pad.js";
import { button, field, link, notice, quiet } from "../ui/parts.js";
import { refusal } from "./unlock.js";
import { weak } from "./weak.js";

export async function recover(app) {
  const box = h("div", { class: "stack" });
  askText(app, box);
  return { title: "忘了密码", back: "#/", bare: true, statusToo: true, body: [box] };
}

function askText(app, box, why) {
  const text = field("恢复码", h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" }), "登记时县局记下的那一串。请打电话问县局。");
  const next = () => (text.control.value.trim() ? askPin(app, box, text.control.value.trim()) : text.wrong("请输入恢复码"));
  fill(box, text.node, button("下一步", next, "main"), quiet("县局也没有记下时，只能重新登记；没有上传的记录会留在手机里，但打不开。"), link("用新的登记码重新登记", "#/enrol"));
  if (why) text.wrong(why);
}

function askPin(app, box, recovery) {
  const pad = pinPad("设一个新的 6 位密码", async (pin) => {
    if (weak(pin)) return pad.clear("太容易猜到，请换一个");
    try {
      await app.phone.recover(recovery, pin);
      app.go("#/");
      await app.show();
      app.opened();
    } catch (error) {
      if (!isTrouble(error)) throw error;
      askText(app, box, error.message);
    }
  });
  fill(box, pad.node);
}

export async function restore(app) {
  const pad = pinPad("输入原来的 6 位密码，取回备份", async (pin) => {
    try {
      const { restored } = await app.phone.restore(pin);
      app.go("#/");
      await app.show();
      app.say(`取回了 ${restored} 条，正在上传`);
      app.opened();
    } catch (error) {
      if (!isTrouble(error)) throw error;
      pad.clear(refusal(error));
    }
  });
  const words = notice("这部手机的数据被清过", "签名用的密钥没有了，但加密备份还在：没上传的记录可以取回来上传。新的记录要请县局重新发登记码。", "warning");
  return { title: "取回备份", bare: true, body: [words, pad.node, link("不取回，直接重新登记", "#/enrol", "plain-link")] };
}
