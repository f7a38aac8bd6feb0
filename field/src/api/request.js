// Asking the server: one request with a time limit, the phone's clock, the app's number and the token.
import { Trouble } from "../trouble.js";
import { APP } from "../version.js";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} data  the JSON, or undefined when it is none
 * @property {number | null} retry_after_ms
 * @property {string | null} etag
 * @property {string | null} nonce  where an answer without a body (304) carries it
 * @property {string | null} server_time
 *
 * @typedef {object} Asking
 * @property {string} [token]
 * @property {string} [text]  JSON text to be sent
 * @property {Uint8Array} [bytes]  raw bytes to be sent
 * @property {string} [etag]
 * @property {number} [timeout_ms]
 */

const WORTH = 4000; // characters: below, packing saves less than it costs

/**
 * @param {import("../environment.js").Environment} environment
 * @param {ReturnType<import("../outbox/clock.js").createClock>} clock
 * @param {string} base  the site's address, "" for the page's own
 */
export function createApi(environment, clock, base = "") {
  let packing = Boolean(environment.pack);
  /** A long text goes packed; a way that does not let it through gets it plain from then on. */
  async function send(address, choice, signal) {
    const worth = packing && typeof choice.body === "string" && choice.body.length >= WORTH;
    if (!worth) return environment.fetch(address, { ...choice, signal });
    const body = await environment.pack(choice.body);
    const response = await environment.fetch(address, { ...choice, body, headers: { ...choice.headers, "Content-Encoding": "gzip" }, signal });
    if (response.status !== 400 && response.status !== 415) return response;
    packing = false;
    return environment.fetch(address, { ...choice, signal });
  }

  /** @param {string} method @param {string} path @param {Asking} [asking] @returns {Promise<Answer>} Troubles `network`, `timeout` */
  async function request(method, path, asking = {}) {
    const abort = new AbortController();
    const asked = environment.monotonic();
    let late = false;
    const timer = environment.setTimeout(() => ((late = true), abort.abort()), asking.timeout_ms || 30000);
    try {
      const response = await send(base + path, options(method, asking, clock), abort.signal);
      const answer = await read(response, environment);
      const told = answer.data && typeof answer.data.server_time === "string" ? answer.data.server_time : answer.server_time;
      if (told) clock.hear(told, environment.monotonic() - asked);
      return answer;
    } catch (error) {
      throw Object.assign(new Trouble(late ? "timeout" : "network"), { cause: error });
    } finally {
      environment.clearTimeout(timer);
    }
  }
  return { request, ask: async (method, path, asking) => agreed(await request(method, path, asking)) };
}

function options(method, { token, text, bytes, etag }, clock) {
  const headers = { Accept: "application/json", "Device-Time": clock.moment(), "Puyou-App": String(APP) };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (etag) headers["If-None-Match"] = etag;
  if (text !== undefined) headers["Content-Type"] = "application/json";
  if (bytes) headers["Content-Type"] = "application/octet-stream";
  return { method, headers, body: text === undefined ? bytes : text, cache: "no-store", credentials: "omit", redirect: "error" };
}

async function read(response, environment) {
  const body = await response.text();
  return { status: response.status, data: parsed(body), retry_after_ms: wait(response.headers.get("Retry-After"), environment), etag: response.headers.get("ETag"), nonce: response.headers.get("Puyou-Nonce"), server_time: response.headers.get("Puyou-Server-Time") };
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch (_) {
    return undefined; // garbage, half an answer, or none at all
  }
}

function wait(header, environment) {
  if (!header) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - environment.wall();
  return Number.isFinite(ms) ? Math.min(3600000, Math.max(0, ms)) : null;
}

/** The answer when the server agreed; otherwise its own sentence as a Trouble. @param {Answer} answer */
export function agreed(answer) {
  const { status, data, retry_after_ms } = answer;
  if (status === 304 || (status >= 200 && status < 300 && data !== undefined)) return answer;
  throw troubleOf(status, data, retry_after_ms);
}

export function troubleOf(status, data, retry_after_ms = null) {
  const own = status === 429 || status === 503 ? "busy" : status === 401 || status === 403 ? "revoked" : "server";
  const said = data && typeof data.code === "string" && typeof data.message === "string" ? data : {};
  return new Trouble(said.code || own, { ...said.details, status, retry_after_ms }, said.message || undefined);
}
