// One record: what was written, where it stands, and what may still be done: undo, correct, send again.
import { h, fill } from "../ui/h.js";
import { button, facts, heading, link, notice } from "../ui/parts.js";
import { confirmed } from "../ui/dialog.js";
import { asMs, momentOf } from "../ui/times.js";
import { modes, receivers } from "../ui/words.js";
import { newDraft } from "./draft.js";
import { aboutEntry, nameOf } from "./outbox.js";
import { showPhoto } from "./photos.js";
import { stateWord } from "./round.js";

export async function entry(app, { args: [id] }) {
  const box = h("div", {});
  const round = await app.phone.round();
  const names = new Map((round ? round.villages : []).map((one) => [one.code, one.name]));
  const update = async () => {
    const found = await find(app, id);
    fill(box, found ? [state(found), about(found), pictures(app, found), acts(app, found, round)] : gone(app));
  };
  await update();
  const found = await find(app, id);
  return { title: found ? nameOf(found, names) : "记录", back: "#/outbox", way: "round", body: [box], update };
}

const gone = (app) => (app.status.role === "supervisor" ? notice("这一条已提交，手机里不再保留全文", "进展在“我的反映”里看。", "", link("我的反映", "#/reports"))
  : notice("这一条已提交，手机里不再保留全文", "可以在“我的数据”里看。", "", link("我的数据", "#/month")));

async function find(app, id) {
  return (await app.phone.list({ limit: 1000 })).find((one) => one.id === id);
}

function state(found) {
  if (found.withdrawn_by) return notice("已撤销", "撤销也会上传，这一条不再算数。", "warning");
  if (found.corrected_by) return notice("已更正", "后写的那一条算数，这一条留底。", "warning", link("看更正后的", `#/entry/${found.corrected_by}`));
  if (found.status === "refused") return notice("被退回", `${found.refusal.message}。这一条还留在手机里。`.replace("。。", "。"), "danger");
  if (found.status === "kept") return notice("已提交", `${momentOf(asMs(found.receipt.received_at), Date.now())} 收到回执。`);
  return notice(stateWord(found.status), "有信号时自动上传。");
}

function about(found) {
  const { payload } = found;
  const position = payload.position;
  return facts([
    ["时间", momentOf(asMs(found.happened_at), Date.now())],
    ["内容", aboutEntry(found)],
    ["送到", modes[payload.mode] ?? null],
    ["交给", receivers[payload.receiver] ?? null],
    ["定位", found.kind === "visit" ? (position ? `误差 ${Math.round(position.accuracy_m)} 米` : "没有定位") : null],
    ["村码", payload.tag ? "已扫" : null],
    ["备注", payload.note || null],
    ["语音", payload.voice ? "有" : null],
  ]);
}

function pictures(app, found) {
  const photos = found.payload.photos ?? [];
  if (!photos.length) return null;
  const one = (photo, index) => {
    const image = h("img", { alt: `第 ${index + 1} 张照片` });
    showPhoto(app, image, photo.sha256);
    return h("div", {}, image);
  };
  return [heading("照片"), h("div", { class: "photos" }, photos.map(one))];
}

function acts(app, found, round) {
  if (found.withdrawn_by || found.corrected_by || found.kind === "withdrawal") return null;
  const visit = found.kind === "visit";
  return h("div", { class: "stack" }, h("p", {}),
    found.status === "refused" && button("再传一次", () => app.attempt(() => again(app, found))),
    visit && button("更正", () => app.attempt(() => correct(app, found, round))),
    visit && button("撤销", () => app.attempt(() => undo(app, found)), "danger"));
}

async function again(app, found) {
  await app.phone.retry(found.id);
  await app.phone.flush("hand");
  await app.refresh();
}

async function undo(app, found) {
  if (!(await confirmed("撤销这一条？", found.status === "kept" ? "已提交的不能删，撤销后不再算数，原来的留底。" : "撤销也会上传，这一条不再算数。", "撤销", "danger"))) return;
  await app.phone.undo(found.id, "投递员撤销");
  await app.refresh();
  app.phone.flush("open");
}

/** A correction is a new fact: the form opens with what was written, the moment stays the old one. */
async function correct(app, found, round) {
  const { payload } = found;
  const fresh = newDraft({ round: round ?? { villages: [] }, code: payload.village, arrival: { happened_at: found.happened_at, position: payload.position ?? null, permission: payload.permission } });
  const own = fresh.villages[0];
  Object.assign(own.handed, payload.handed ?? {});
  own.nothing = Boolean(payload.nothing_today);
  const draft = { ...fresh, villages: [own], corrects: found.id, mode: payload.mode ?? fresh.mode, receiver: payload.receiver ?? null, note: payload.note ?? "", photos: payload.photos ?? [], voice: payload.voice ?? null, tag: payload.tag ?? null };
  await app.phone.saveDraft("visit", draft);
  app.go("#/visit");
}
