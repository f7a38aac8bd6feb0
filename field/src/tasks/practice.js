// A phone to practise on: the same calls, an invented round, everything in memory. It has neither a store nor a network to write to.
import { createBridge } from "../device/bridge.js";
import { createLocation } from "../device/location.js";
import { createClock } from "../outbox/clock.js";
import { waitingSentence } from "../outbox/texts.js";
import { browserEnvironment } from "../environment.js";
import { Trouble } from "../trouble.js";
import { practiceNotes, practiceRound } from "./practice_round.js";

const sendingTakes = 4000;

export async function practicePhone({ bridge = createBridge(), now = () => Date.now() } = {}) {
  const listeners = new Map();
  const tell = (name) => [...(listeners.get(name) ?? [])].forEach((listener) => listener());
  const clock = createClock(browserEnvironment());
  const location = createLocation({ bridge, clock, changed: () => tell("location") });
  const round = practiceRound(now());
  const entries = [];
  const drafts = new Map([["consent", { version: round.consent.version, agreed: true }]]);
  const held = new Map();
  let counter = 0;

  const find = (id) => entries.find((one) => one.id === id) ?? stop("unknown_envelope");
  const stop = (code) => {
    throw new Trouble(code);
  };

  function add(kind, payload, happened_at = clock.moment()) {
    counter += 1;
    const entry = { id: `practice-${counter}`, kind, status: "waiting", at: now(), happened_at, payload, receipt: null, refusal: null, photos: (payload.photos ?? []).map((photo) => ({ ...photo, status: "waiting", received: 0, size: 0 })), withdrawn_by: null, corrected_by: null };
    entries.unshift(entry);
    setTimeout(() => receive(entry), sendingTakes);
    tell("change");
    return { id: entry.id, counter, at: entry.at };
  }

  /** As if a receipt had come. */
  function receive(entry) {
    entry.status = "kept";
    entry.receipt = { status: "accepted", received_at: new Date(now()).toISOString() };
    entry.photos.forEach((photo) => (photo.status = "kept"));
    tell("change");
  }

  const waiting = async () => {
    const left = entries.filter((one) => one.status === "waiting");
    const state = { count: left.length, photos: 0, oldest_at: left.length ? left[left.length - 1].at : null, refused: 0 };
    return { ...state, sentence: left.length ? `练习：${waitingSentence(state, now())}` : "练习：没有待上传" };
  };

  return {
    bridge,
    clock: { skew: () => null },
    on(name, listener) {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name).add(listener);
      return () => listeners.get(name).delete(listener);
    },
    status: async () => ({ enrolled: true, locked: false, lost: false, persisted: null, courier: { number: "练习", name: "练习" }, device: "练习", waiting: await waiting(), stopped: null, sending: false, space: null, app: null }),
    round: async () => round,
    notes: async () => practiceNotes(now()),
    refresh: async () => ({ round, changed: false }),
    checkVersion: async () => null,
    findVillages: async (text) => round.villages.filter((one) => one.name.includes(text)),
    approach: location.start,
    depart: location.stop,
    location: location.state,
    async arrive() {
      const [integrity, permission] = await Promise.all([bridge.integrity(), bridge.permission()]);
      return { happened_at: clock.moment(), position: location.position(), approach: [], clock: clock.mark(), integrity, permission };
    },
    async keepVisit({ arrival, villages, each = {}, ...fields }) {
      const { happened_at, ...evidence } = arrival;
      return villages.map((village) => add("visit", { village, ...evidence, ...fields, ...each[village] }, happened_at));
    },
    keep: async ({ kind, payload, happened_at }) => add(kind, payload, happened_at),
    async undo(id, reason) {
      const done = add("withdrawal", { visit: find(id).id, reason });
      find(id).withdrawn_by = done.id;
      return done;
    },
    async correct(id, fields) {
      const old = find(id);
      const done = add("visit", { ...old.payload, ...fields, corrects: id }, old.happened_at);
      old.corrected_by = done.id;
      return done;
    },
    draft: async (name) => (drafts.has(name) ? JSON.parse(JSON.stringify(drafts.get(name))) : null),
    saveDraft: async (name, value) => void drafts.set(name, JSON.parse(JSON.stringify(value))),
    dropDraft: async (name) => void drafts.delete(name),
    async holdPhoto(captured, role) {
      held.set(captured.sha256, captured);
      return { sha256: captured.sha256, role, taken_at: captured.taken_at };
    },
    async holdVoice(captured) {
      held.set(captured.sha256, captured);
      return captured.sha256;
    },
    async photo(sha256) {
      const captured = held.get(sha256);
      return captured ? new Blob([captured.bytes], { type: captured.type }) : null;
    },
    dropPhoto: async (sha256) => void held.delete(sha256),
    waiting,
    list: async () => entries.slice(),
    retry: async () => undefined,
    receipts: async () => [],
    exportOutbox: async () => stop("nothing_to_export"),
    importOutbox: async () => stop("bad_file"),
    async flush() {
      return { sent: 0, kept: 0, refused: 0, left: 0, photos: 0, photos_left: 0, stopped: { code: "practice", message: "练习中，什么都不会上传。" }, again_in_ms: null, busy: false };
    },
    start() {},
    stop() {},
    lock: async () => undefined,
  };
}
