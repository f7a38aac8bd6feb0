// Changing the PIN: the old one, a new one, the new one again.
import { isTrouble } from "../trouble.js";
import { fill, h } from "../ui/h.js";
import { pinPad } from "../ui/pad.js";
import { weak } from "./weak.js";
import { refusal } from "./unlock.js";

export async function pin(app) {
  const box = h("div", {});
  askOld(app, box);
  return { title: "改密码", back: "#/mine", way: "mine", body: [box] };
}

function askOld(app, box, why = "") {
  const pad = pinPad("现在的密码", (old) => askFresh(app, box, old));
  fill(box, pad.node);
  pad.clear(why);
}

function askFresh(app, box, old) {
  const pad = pinPad("新的 6 位密码", (fresh) => (weak(fresh) ? pad.clear("太容易猜到，请换一个") : repeat(app, box, old, fresh)));
  fill(box, pad.node);
}

function repeat(app, box, old, fresh) {
  const pad = pinPad("再输入一次新密码", (again) => (again === fresh ? change(app, box, old, fresh) : pad.clear("两次不一样，请再输入一次")));
  fill(box, pad.node);
}

async function change(app, box, old, fresh) {
  try {
    await app.phone.changePin(old, fresh);
    app.go("#/mine");
    app.say("密码已改");
  } catch (error) {
    if (!isTrouble(error)) throw error;
    askOld(app, box, refusal(error));
  }
}
