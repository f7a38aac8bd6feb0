// Binding this phone to a courier: the office's code, a PIN of one's own, and the recovery text to note down.
import { isTrouble } from "../trouble.js";
import { h } from "../ui/h.js";
import { pinPad } from "../ui/pad.js";
import { button, field, link, quiet } from "../ui/parts.js";
import { confirmed } from "../ui/dialog.js";
import { plainCode, spacedCode } from "./code.js";
import { weak } from "./weak.js";

export async function enrol(app, route) {
  const state = { code: plainCode(route.code ?? ""), role: route.role ?? "courier", box: h("div", { class: "stack" }) };
  askCode(app, state);
  return { title: "登记这部手机", back: app.status.enrolled ? "#/mine" : null, body: [state.box], bare: true };
}

function put(state, ...parts) {
  while (state.box.firstChild) state.box.removeChild(state.box.firstChild);
  state.box.append(...parts.flat().filter(Boolean));
}

function askCode(app, state, why) {
  const input = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "11", placeholder: "XXXXX-XXXXX", value: spacedCode(state.code), enterkeyhint: "next" });
  const words = wordsOf[state.role];
  const code = field(words.code, input, words.help);
  input.addEventListener("input", () => (input.value = spacedCode(plainCode(input.value))));
  const next = () => {
    state.code = plainCode(input.value);
    if (state.code.length !== 10) return code.wrong("登记码应是 10 位，请再对照看一遍");
    askPin(app, state);
  };
  input.addEventListener("keydown", (event) => event.key === "Enter" && next());
  put(state, h("p", {}, words.what), code.node, button("下一步", next, "main"),
    state.role === "courier" && [link("先练习一下", "#practice"), link("怎么用", "#/training", "plain-link")]);
  if (why) code.wrong(why);
}

function askPin(app, state) {
  const pad = pinPad("给自己设一个 6 位密码，每次打开时用", (pin) => {
    if (weak(pin)) return pad.clear("太容易猜到，请换一个");
    repeatPin(app, state, pin);
  });
  put(state, pad.node, quiet("没有这个密码，别人捡到手机也看不到内容。"));
}

function repeatPin(app, state, pin) {
  const pad = pinPad("再输入一次", (again) => {
    if (again !== pin) return pad.clear("两次不一样，请再输入一次");
    bind(app, state, pin);
  });
  put(state, pad.node, button("重新设密码", () => askPin(app, state)));
}

async function bind(app, state, pin) {
  put(state, h("p", { class: "center", role: "status" }, "正在生成密钥并登记 …"));
  try {
    const { courier, recovery } = await app.phone.enrol({ code: state.code, pin, label: labelOf(), role: state.role });
    done(app, state, courier, recovery);
  } catch (error) {
    if (!isTrouble(error)) throw error;
    askCode(app, state, why(error));
  }
}

/** Pure: why it failed, and what to do. */
export function why({ code, message }) {
  if (code === "network" || code === "timeout") return "没有连上网络。登记时要有信号，请换个地方再按一次，码还能用。";
  if (code === "cases.supervisor_bad_link") return message;
  if (code === "ingest.bad_code") return `${message}。请县局再发一个登记码。`.replace("。。", "。");
  if (code === "busy") return `${message}（试得太多，请过几分钟）`;
  return message;
}

function done(app, state, courier, recovery) {
  const go = async () => {
    if (!(await confirmed("抄好了吗？", "恢复码只显示这一次。忘了密码时要靠它。", "抄好了"))) return;
    location.hash = "#/";
    await app.show();
    app.opened();
  };
  put(state, h("p", { role: "status" }, wordsOf[state.role].done(courier)), h("p", {}, wordsOf[state.role].recovery),
    h("output", { class: "code", "aria-label": "恢复码" }, recovery), button("抄好了，开始用", go, "main"));
}

const wordsOf = {
  courier: {
    code: "县局给的登记码", help: "10 位字母和数字，24 小时内有效，只能用一次。也可以用微信扫县局屏幕上的二维码。",
    what: "登记后，这部手机就和您绑定。没有信号也能打卡，有信号时自动上传。",
    done: ({ name, number }) => `${name}，已登记好（工号 ${number}）。`, recovery: "请让县局把下面的恢复码记下来。忘了密码时，用它打开，记录不会丢。",
  },
  supervisor: {
    code: "邮政管理局给的开通码", help: "10 位字母和数字，24 小时内有效，只能用一次。",
    what: "邮政特邀监督员的手机。不用安装，没有信号也能填，有信号时自动上报。您是谁，邮政企业不会知道。",
    done: ({ name, number }) => `${name}，已开通（证书 ${number}）。`, recovery: "请把下面的恢复码抄下来收好。忘了密码时，用它打开，记录不会丢。",
  },
};

function labelOf() {
  const model = /Android [\d.]+; ([^;)]+)/.exec(navigator.userAgent);
  return (model ? model[1].trim() : "手机").slice(0, 40);
}
