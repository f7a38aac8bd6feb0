// Enrolment: the phone shows that it holds its key and becomes a courier's, or a supervisor's.
import { sign } from "../crypto/keys.js";
import { COURIER, SUPERVISOR } from "../outbox/door.js";

/**
 * @returns {Promise<{token: string, device: string, key_id: string, courier: {number: string, name: string}, nonce: string, server_time: string, app: object}>}
 * Troubles: the server's `ingest.bad_code`, `ingest.bad_key`; `busy`, `network`, `timeout`, `server`
 */
export async function enrol({ crypto, api }, { code, device, pair, jwk, label, phone, role }) {
  const signature = await sign(crypto, pair.privateKey, `enrol:${code}:${device}`);
  const text = JSON.stringify({ code, device, key: jwk, label, phone, signature });
  const door = role === "supervisor" ? SUPERVISOR : COURIER;
  const { data } = await api.ask("POST", `${door}/enrolments`, { text });
  return role === "supervisor" && data ? { ...data, courier: data.supervisor } : data;
}
