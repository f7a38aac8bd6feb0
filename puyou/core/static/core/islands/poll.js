// Open pages ask for news: every few seconds while visible, with an ETag, and swap what changed without disturbing anyone.
import { markChanges, swapInto } from "./swap.js";

const SLOWEST = 60_000;
const STALE_AFTER = 30_000;

/** How long to wait before asking again, in milliseconds: doubled by every failure, at most a minute. */
export function pause(every, failures) {
  return Math.min(every * 2 ** failures, Math.max(every, SLOWEST));
}

/** What the page says about the age of its data, or nothing while they are fresh. */
export function staleness(age) {
  if (age < STALE_AFTER) return "";
  const minutes = Math.floor(age / 60_000);
  return minutes < 1 ? "更新中断，以下为较早数据" : `更新中断 ${minutes} 分钟，以下为较早数据`;
}

function showTime(moment, warning) {
  for (const place of document.querySelectorAll("[data-as-of]")) {
    const time = place.querySelector("time");
    if (moment && time) {
      time.dateTime = moment.toISOString();
      time.textContent = moment.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
    }
    place.classList.toggle("stale", warning !== "");
    place.title = warning;
    let note = place.querySelector(".stale-note");
    if (!note) {
      note = document.createElement("span");
      note.className = "stale-note";
      place.prepend(note);
    }
    note.textContent = warning && `${warning} `;
  }
}

class Poll {
  constructor(element, fresh) {
    this.element = element;
    this.fresh = fresh;
    this.every = 1000 * Number(element.dataset.pollEvery || 3);
    this.etag = element.dataset.pollEtag || "";
    this.failures = 0;
    this.heard = Date.now();
  }

  schedule() {
    clearTimeout(this.timer);
    if (document.hidden || !this.element.isConnected) return;
    this.timer = setTimeout(() => this.ask(), pause(this.every, this.failures));
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      const headers = { "HX-Request": "true", "X-Poll": "1", ...(this.etag && { "If-None-Match": this.etag }) };
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(this.element.dataset.poll, { headers, signal, cache: "no-store", redirect: "error" });
      await this.take(answer);
      this.failures = 0;
      this.heard = Date.now();
    } catch {
      this.failures += 1;
    } finally {
      this.asking = false;
    }
    showTime(this.failures ? null : new Date(this.answeredAt ?? Date.now()), staleness(Date.now() - this.heard));
    this.schedule();
  }

  async take(answer) {
    const date = answer.headers.get("Date");
    this.answeredAt = date ? Date.parse(date) : Date.now();
    if (answer.status === 304 || answer.status === 204) return;
    if (!answer.ok) throw new Error(`poll answered ${answer.status}`);
    this.etag = answer.headers.get("ETag") || "";
    const before = this.element.cloneNode(true);
    swapInto(this.element, await answer.text());
    markChanges(before, this.element);
    this.fresh(this.element);
    this.element.dispatchEvent(new CustomEvent("puyou:refresh", { bubbles: true }));
    for (const island of this.element.querySelectorAll("[data-island]")) island.dispatchEvent(new CustomEvent("puyou:refresh"));
  }
}

/** Poll every `[data-poll]` element of the page; `fresh` is called with the element after each swap. */
export function startPolls(fresh) {
  const polls = [...document.querySelectorAll("[data-poll]")].map((element) => new Poll(element, fresh));
  document.addEventListener("visibilitychange", () => {
    for (const poll of polls) document.hidden ? clearTimeout(poll.timer) : poll.ask();
  });
  for (const poll of polls) poll.schedule();
}
