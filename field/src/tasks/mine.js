// Me and this phone: my data, consent, PIN, look, practice, how things are kept.
import { h } from "../ui/h.js";
import { button, facts, quiet, row, rows } from "../ui/parts.js";
import { setting, sizes, themes } from "../ui/settings.js";
import { APP } from "../version.js";

export async function mine(app) {
  const { courier, device } = app.status;
  const ways = [
    ["#/month", "我的数据", "到村记录、评分和理由、保存多久"],
    ["#/consent", "知情同意", "看告知书，同意或撤回"],
    ["#/look", "字号与昼夜", `${sizes[setting("size")]} · ${themes[setting("theme")]}`],
    ["#/pin", "改密码", "6 位数字，打开时用"],
    ["#/phone", "手机与存储", "够不够存、备份、换手机"],
    ["#/training", "怎么用", "一页说明，带图"],
    ["#/practice", "练习", "什么都不会上传"],
  ];
  const shown = app.practice ? ways.filter(([href]) => ["#/look", "#/training"].includes(href)) : ways;
  return { title: "我的", way: "mine", body: [
    courier && facts([["姓名", courier.name], ["工号", courier.number], ["手机", device]]),
    rows(shown.map(([href, name, under]) => row({ href, name, under, end: "›" })), "我的"),
    h("div", { class: "stack" }, h("p", {}), !app.practice && button("锁上", () => app.attempt(() => lock(app)))),
    quiet(`普邮·通邮 第 ${APP} 版`),
  ] };
}

async function lock(app) {
  await app.phone.lock();
  await app.show();
}
