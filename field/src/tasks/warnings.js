// What must be said on top of today's list: stopped, clock wrong, no place left, no permission, a list of another day.
import { h } from "../ui/h.js";
import { button, link, notice } from "../ui/parts.js";
import { updateNotice } from "./update.js";
import { lengthOf, shortDay } from "../ui/times.js";

const tolerable = 5 * 60_000;
const earliest = Date.UTC(2025, 0, 1);

/** Pure: how the phone's clock is wrong, in words, or null; `skew`: how far it is ahead of the server's, null when unknown. */
export function clockTrouble(skew, heardAt, now) {
  if (now < earliest || (skew === null && now < heardAt - tolerable)) return "手机的日期或时间不对";
  if (skew === null || Math.abs(skew) <= tolerable) return null;
  return `手机时间比标准时间${skew > 0 ? "快" : "慢"} ${lengthOf(skew)}`;
}

/** The notices for a state of things, most pressing first. */
export function warnings({ app, round, plan, location, now }) {
  const { status } = app;
  return [
    status.stopped && stopped(status.stopped),
    updateNotice(app),
    clock(app.phone.clock.skew(), round, now),
    denied(location, app),
    full(status.space),
    plan && plan.stale && old(round),
  ].filter(Boolean);
}

export function stopped({ code, message }) {
  const ended = code === "ingest.revoked_token" || code === "ingest.bad_token";
  const text = `${message}。存在手机里的记录都在，不会丢。`.replace("。。", "。");
  const what = ended ? "这部手机已停止上传" : "上传停下了";
  return notice(what, text, "danger", ended && h("p", {}, "换了手机：旧手机里的记录可以导出成文件交给县局。还要用这部手机：请县局发新的登记码。"),
    link("导出到文件", "#/files"), ended && link("重新登记", "#/enrol"));
}

function clock(skew, round, now) {
  const trouble = clockTrouble(skew, round ? round.heard_at : 0, now);
  return trouble && notice(trouble, "记录照样存得下，并带着不受影响的计时。请在手机“设置—日期和时间”里打开“自动设置”。", "warning");
}

function denied({ permission }, app) {
  if (permission !== "denied" || app.said.denied) return null;
  const hide = (event) => {
    app.said.denied = true;
    event.target.closest(".notice").remove();
  };
  return notice("没有定位权限", "到村打卡照样可以，会注明没有定位，证据分会低一些。请在手机“设置—应用—权限”里允许定位。", "warning", button("知道了", hide));
}

function full(space) {
  if (!space || !space.quota || space.used / space.quota < 0.9) return null;
  return notice("手机快存满了", "请联网上传照片，或删掉手机里不用的图片和视频。", "warning");
}

function old(round) {
  return notice(`这是${shortDay(round.day)}的名单`, "还没有联网更新，今天的班期可能不同。照样可以打卡。", "warning");
}
