// A supervisor's day and places, as their phone asks for them.
import { SUPERVISOR } from "../outbox/door.js";

/** @returns {Promise<{data: object | null, etag?: string | null, nonce?: string, server_time?: string}>} data null when it has not changed */
export async function watchDay(api, token, etag) {
  const answer = await api.ask("GET", `${SUPERVISOR}/today`, { token, etag: etag || undefined });
  const { nonce, server_time } = answer;
  return answer.status === 304 ? { data: null, nonce, server_time } : { data: answer.data, etag: answer.etag };
}

/** @param {string} text @returns {Promise<{code: string, name: string}[]>} */
export async function watchPlaces(api, token, text) {
  return (await api.ask("GET", `${SUPERVISOR}/places?q=${encodeURIComponent(text)}`, { token })).data;
}
