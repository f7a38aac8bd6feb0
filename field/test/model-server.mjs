// A model of the server as docs/contracts.md §4 and docs/field.md say it: takes each envelope once, and checks what it took.
import { createHash, createHmac, webcrypto } from "node:crypto";
import { canonical } from "../src/crypto/canonical.js";
import { thumbprint, verify } from "../src/crypto/keys.js";
import { toBytes } from "../src/crypto/base64url.js";

const digestOf = (text) => createHash("sha256").update(text).digest("hex");
export const CODE = "ABCDE23456";

/** @param {{now?: () => number, part?: number}} options */
export function createServer({ now = () => Date.now(), part = 256 * 1024 } = {}) {
  const envelopes = new Map(); // id → {text, digest, received_at, device}
  const photos = new Map(); // sha256 → {size, type, bytes, complete}
  const tokens = new Map(); // token → device
  const keys = new Map(); // device → jwk
  const ended = new Set(); // revoked tokens
  const codes = new Map([[CODE, null]]);
  const log = [];
  const server = { envelopes, photos, tokens, keys, ended, codes, log, today: null, refuse: () => null, handle };

  const stamp = () => new Date(now()).toISOString().replace("Z", "000Z");
  const nonceOf = (device) => createHmac("sha256", "secret").update(`${device}${now()}`).digest("base64url");
  const contact = (device) => ({ nonce: nonceOf(device), server_time: stamp() });
  const problem = (status, code, details = {}, headers = {}) => [status, { code, message: `模型：${code}`, details }, headers];

  /** @returns {Promise<[number, any, object]>} status, JSON, headers */
  async function handle({ method, path, headers, body }) {
    log.push(`${method} ${path}`);
    if (path === "/api/v1/enrolments") return enrol(JSON.parse(body));
    if (path === "/api/v1/field/version") return [200, { minimum: 1, current: 2, message: "有新版本。" }, {}];
    const token = (headers.Authorization || "").slice(7);
    if (!tokens.has(token)) return problem(401, "ingest.bad_token");
    if (ended.has(token)) return problem(403, "ingest.revoked_token");
    const device = tokens.get(token);
    if (path === "/api/v1/envelopes") return receive(body, device, headers["Device-Time"]);
    if (path.startsWith("/api/v1/photos")) return photo(method, path, body);
    if (path.startsWith("/api/v1/field/today")) return round(device, headers["If-None-Match"]);
    if (path.startsWith("/api/v1/field/me")) return [200, { courier: { number: "K-1" }, path, ...contact(device) }, {}];
    if (path.startsWith("/api/v1/field/villages")) return [200, { villages: [{ code: "520102200201", name: "甲村" }] }, {}];
    return problem(404, "core.not_found");
  }

  async function enrol({ code, device, key, signature }) {
    if (!codes.has(code) || (codes.get(code) !== null && codes.get(code) !== device)) return problem(422, "ingest.bad_code");
    const how = { name: "ECDSA", namedCurve: "P-256" };
    const publicKey = await webcrypto.subtle.importKey("jwk", key, how, true, ["verify"]).catch(() => null);
    if (!publicKey || !(await verify(webcrypto, publicKey, toBytes(signature), `enrol:${code}:${device}`))) return problem(422, "ingest.bad_key");
    codes.set(code, device);
    for (const [token, holder] of tokens) if (holder === device) tokens.delete(token);
    const token = `T-${tokens.size}-${device}`;
    tokens.set(token, device);
    keys.set(device, publicKey);
    const number = server.courier || "K-1";
    return [200, { token, device, key_id: await thumbprint(webcrypto, key), courier: { number, name: `张三${number}` }, app: {}, ...contact(device) }, {}];
  }

  function receive(body, device, deviceTime) {
    const items = JSON.parse(body).envelopes;
    if (items.length > 500 || body.length > 1024 * 1024) return problem(413, "ingest.too_many");
    const skew = clampDay(Date.parse(deviceTime) - now());
    return [200, { receipts: items.map((item) => accept(item, device, skew)), ...contact(device) }, {}];
  }

  function accept(envelope, device, skew) {
    const { id } = envelope;
    const refused = (code) => ({ id, status: "refused", code, message: `模型：${code}` });
    const text = canonical(envelope);
    const known = envelopes.get(id);
    if (known) return known.digest === digestOf(text) ? { id, status: "duplicate", received_at: known.received_at } : refused("conflict");
    if (envelope.device !== device) return refused("device");
    if (Date.parse(envelope.happened_at) - skew > now() + 600000) return refused("future");
    const reason = server.refuse(envelope);
    if (reason) return refused(reason);
    envelopes.set(id, { text, digest: digestOf(text), received_at: stamp(), device });
    return { id, status: "accepted", received_at: stamp() };
  }

  function photo(method, path, body) {
    if (method === "POST") return announce(JSON.parse(body));
    const { pathname, searchParams } = new URL(path, "http://server");
    const sha256 = pathname.split("/").pop();
    const row = photos.get(sha256);
    if (!row) return problem(404, "evidence.unknown_file");
    if (method === "GET" || row.complete) return [200, stateOf(sha256), {}];
    if (body.length > part) return problem(413, "evidence.part_too_large");
    if (body.length === 0) return problem(422, "evidence.empty_part");
    const received = row.bytes.length;
    if (Number(searchParams.get("from")) !== received) return problem(409, "evidence.out_of_step", { received });
    if (received + body.length > row.size) return problem(422, "evidence.beyond_size");
    row.bytes = Buffer.concat([row.bytes, body]);
    if (row.bytes.length < row.size) return [200, stateOf(sha256), {}];
    if (digestOf(row.bytes) !== sha256) return (row.bytes = Buffer.alloc(0)), problem(422, "evidence.wrong_hash", { received: 0 });
    row.complete = true;
    return [200, stateOf(sha256), {}];
  }

  function announce({ sha256, size, type }) {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return problem(422, "evidence.bad_hash");
    if (!["image/jpeg", "audio/webm", "audio/ogg", "audio/mp4"].includes(type)) return problem(422, "evidence.bad_type");
    if (!(size > 0 && size <= 2 * 1024 * 1024)) return problem(422, "evidence.bad_size");
    if (!photos.has(sha256)) photos.set(sha256, { size, type, bytes: Buffer.alloc(0), complete: false });
    return [200, stateOf(sha256), {}];
  }

  const stateOf = (sha256) => ({ sha256, received: photos.get(sha256).bytes.length, complete: photos.get(sha256).complete });

  function round(device, etag) {
    if (!server.today) return problem(404, "fieldwork.no_round");
    const tag = `"${digestOf(JSON.stringify(server.today)).slice(0, 8)}"`;
    return etag === tag ? [304, undefined, { ETag: tag }] : [200, { ...server.today, ...contact(device) }, { ETag: tag }];
  }

  return server;
}

const clampDay = (ms) => Math.max(-86400000, Math.min(86400000, Number.isFinite(ms) ? ms : 0));

/** The chain of a device as the server and the refused ones on the phone make it up: a list of what is wrong with it. */
export function chainFaults(texts) {
  const faults = [];
  const links = texts.map((text) => ({ ...JSON.parse(text), digest: digestOf(text) })).sort((one, other) => one.counter - other.counter);
  links.forEach((link, at) => {
    if (link.counter !== at + 1) faults.push(`counter ${link.counter} at place ${at + 1}`);
    const expected = at === 0 ? null : links[at - 1].digest;
    if (link.proof.prev !== expected) faults.push(`link ${link.counter} follows ${link.proof.prev}`);
  });
  return faults;
}

/** A `fetch` that speaks to the model directly. */
export const fetchOf = (server) => async (url, { method, headers, body }) => answer(await server.handle({ method, path: url, headers, body: bodyOf(body) }));

export const bodyOf = (body) => (body instanceof Uint8Array ? Buffer.from(body) : body);
export function answer([status, data, headers]) {
  return new Response(status === 304 || data === undefined ? null : JSON.stringify(data), { status, headers });
}
