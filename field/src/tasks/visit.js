// The visit: 到了 keeps the moment, counters or 今日无邮件 say what was handed over, 完成 keeps it in the phone.
import { h } from "../ui/h.js";
import { ask } from "../ui/dialog.js";
import { button, choices, notice, tick } from "../ui/parts.js";
import { asMs, timeOf } from "../ui/times.js";
import { modes, receivers } from "../ui/words.js";
import { fieldsOf, newDraft, picked, unfilled } from "./draft.js";
import { extras } from "./extras.js";
import { fixWords } from "./fix.js";
import { handedPart } from "./handed.js";
import { photosPart } from "./photos.js";
import { keptToast } from "./kept.js";
import { readyToArrive } from "./senses.js";

/** The tap on 到了: the evidence of this moment goes into a draft that survives everything. */
export async function arrived(app, { args: [code], tag }) {
  const { phone } = app;
  const old = await phone.draft("visit");
  if (old && old.code !== code && (await keepsOld(old))) return toVisit(app);
  const tapped = Date.now();
  await readyToArrive(app);
  const [stored, arrival] = await Promise.all([phone.round(), phone.arrive()]);
  const draft = newDraft({ round: stored ?? { villages: [] }, code, arrival, tag, started_at: tapped, name: app.found ? app.found[code] : undefined });
  await phone.saveDraft("visit", draft);
  return toVisit(app);
}

const keepsOld = (old) => ask({
  title: `${old.villages[0].name}还没写完`,
  text: "先把它写完，还是不要了、记现在这个村？",
  answers: [[true, "接着写", "main"], [false, "不要了，记现在的"]],
});

function toVisit(app) {
  history.replaceState(null, "", "#/visit");
  return visit(app);
}

export async function visit(app) {
  const draft = await app.phone.draft("visit");
  if (!draft) return { title: "到村", back: "#/", body: [notice("没有正在写的到村记录", "请回到今天的名单，按【到了】。")], way: "round" };
  const keep = () => app.attempt(() => app.phone.saveDraft("visit", draft));
  const done = button("完成", () => finish(app, draft, done), "main great");
  const first = draft.villages[0];
  const handed = handedPart(draft, keep);
  return {
    title: `${first.name} ${timeOf(asMs(draft.arrival.happened_at))} 到`,
    back: "#/",
    way: "round",
    body: [fixOf(draft), along(draft, keep, handed.draw), handed.node, photosPart(app, draft, keep, "slip", "拍交接单"), extras(app, draft, keep, choicesOf(draft, keep))],
    foot: [h("div", { class: "pair" }, handed.nothing, done)],
  };
}

function fixOf(draft) {
  const { position, permission } = draft.arrival;
  const age = position && position.fixed_at ? asMs(draft.arrival.happened_at) - asMs(position.fixed_at) : 0;
  const { words, look } = fixWords({ position, age_ms: age, permission: permission && permission.position });
  return h("p", { class: `fix ${look}` }, position ? words : words.replace("定位中 …  没有", "到的时候还没有定位，没有"));
}

/** Villages of the same point: one stop serves those that are ticked. */
function along(draft, keep, draw) {
  if (draft.villages.length < 2) return null;
  const set = (village) => (value) => {
    village.picked = value;
    keep();
    draw();
  };
  return h("fieldset", { class: "field" }, h("legend", {}, `${draft.point_name ?? "这个接转点"}一起送的村`), draft.villages.map((village) => tick(village.name, village.picked, set(village))));
}

function choicesOf(draft, keep) {
  const set = (name) => (value) => ((draft[name] = value), keep());
  return [choices("送到", modes, draft.mode, set("mode")), choices("交给", receivers, draft.receiver, set("receiver"))];
}

async function finish(app, draft, done) {
  if (!picked(draft).length) return app.say("请至少选一个村");
  const open = unfilled(draft);
  if (open.length && !(await nothingFor(open, draft))) return;
  done.disabled = true;
  await app.attempt(async () => {
    const { villages, each, ...shared } = fieldsOf(draft);
    const kept = draft.corrects
      ? [await app.phone.correct(draft.corrects, { ...shared, ...each[villages[0]] })]
      : await app.phone.keepVisit({ arrival: draft.arrival, villages, each, ...shared });
    await app.phone.dropDraft("visit");
    app.phone.bridge.vibrate(60);
    app.go("#/");
    keptToast(app, kept, picked(draft));
  });
  done.disabled = false;
}

async function nothingFor(open, draft) {
  const names = open.map((village) => village.name).join("、");
  const answer = await ask({ title: `${names}没有填数量`, text: "今天没有邮件要交吗？", answers: [[true, "是，今日无邮件", "main"], [false, "回去填数量"]] });
  if (answer) for (const village of open) village.nothing = true;
  return answer && draft;
}
