// A supervisor's own pages: the certificate to be shown, the declaration of interest, and the phone.
import { h } from "../../ui/h.js";
import { button, choices, facts, field, heading, notice, quiet, row, rows } from "../../ui/parts.js";
import { asMs, momentOf, shortDay } from "../../ui/times.js";
import { setting, sizes, themes } from "../../ui/settings.js";
import { APP } from "../../version.js";

const most = 500;
const before = (day) => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

export async function own(app) {
  const [day, { courier }] = await Promise.all([app.phone.watch(), Promise.resolve(app.status)]);
  const ways = [
    ["#/certificate", "监督员证", "出示给对方看，可以核验"],
    ["#/declaration", "利益声明", day && day.declared ? `${momentOf(asMs(day.declared.happened_at), Date.now())} 声明` : "还没有声明"],
    ["#/outbox", "待上报", "手机里还没送出的"],
    ["#/look", "字号与昼夜", `${sizes[setting("size")]} · ${themes[setting("theme")]}`],
    ["#/pin", "改密码", "6 位数字，打开时用"],
    ["#/phone", "手机与存储", "够不够存、备份、换手机"],
  ];
  const lock = () => app.attempt(async () => {
    await app.phone.lock();
    await app.show();
  });
  return { title: "我的", way: "mine", body: [
    facts([["姓名", courier.name], ["证书", courier.number], ["聘任机关", day ? day.office : null], ["积分", day ? String(day.points) : null]]),
    rows(ways.map(([href, name, under]) => row({ href, name, under, end: "›" })), "我的"),
    h("div", { class: "stack" }, h("p", {}), button("锁上", lock)), quiet("积分用于表扬，不是报酬。"), quiet(`普邮·监督 第 ${APP} 版`),
  ] };
}

export async function certificate(app) {
  const day = await app.phone.watch();
  if (!day) return { title: "监督员证", back: "#/mine", way: "mine", body: [notice("还没有取到证书", "请在有信号时先取一次任务单。")] };
  const held = day.certificate;
  return { title: "监督员证", back: "#/mine", way: "mine", body: [
    h("section", { class: "certificate", "aria-label": "监督员证" },
      h("p", { class: "center" }, "邮政特邀监督员"), h("p", { class: "center name" }, day.name),
      facts([["编号", held.number], ["地区", day.place.name], ["聘任机关", day.office], ["聘期", held.from ? `${held.from} 至 ${before(held.to)}` : "未聘"]]),
      !day.active && notice("不在聘期内", null, "danger")),
    heading("核验"), h("p", {}, "对方可以打开下面的网址，或输入编号和验证码核验："),
    h("output", { class: "code", "aria-label": "验证码" }, held.code), h("p", { class: "quiet" }, decodeURI(`${location.origin}${held.address}`)),
    quiet("监督员不取报酬，没有执法权。"),
  ] };
}

export async function declaration(app) {
  const day = await app.phone.watch();
  if (!day) return { title: "利益声明", back: "#/mine", way: "mine", body: [notice("还没有取到声明", "请在有信号时先取一次任务单。")] };
  const form = { tied: null, words: "" };
  const area = h("textarea", { rows: "3", maxlength: String(most), oninput: (event) => (form.words = event.target.value) });
  const words = field("是什么关系（有关系时必填）", area);
  const send = async () => {
    words.wrong("");
    if (form.tied === null) return app.say("请选有没有");
    if (form.tied && !form.words.trim()) return words.wrong("请写明是什么关系");
    await app.attempt(async () => {
      await app.phone.keep({ kind: "supervisor_declaration", payload: { version: day.interest_version, tied: form.tied, words: form.words.trim() } });
      app.go("#/mine");
      app.say("已存在手机里，有信号时自动送出");
      app.phone.flush("open");
    });
  };
  const last = day.declared && notice(`${shortDay(day.declared.happened_at.slice(0, 10))}声明过`, day.declared.tied ? "有利益关系" : "没有利益关系。情况变了，请再声明一次。");
  return { title: "利益声明", back: "#/mine", way: "mine", body: [
    last, h("p", {}, "本人或近亲属与邮政企业有没有劳动、投资、亲属等可能影响公正的关系？"),
    choices("有没有", { no: "没有", yes: "有" }, null, (value) => (form.tied = value === "yes")), words.node,
    quiet("只有聘任您的邮政管理部门看得到。"),
  ], foot: [button("声明", send, "main")] };
}
