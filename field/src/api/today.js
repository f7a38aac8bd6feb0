// The day's round: asked with the tag of the one that is kept.

/** @returns {Promise<{data: object | null, etag?: string | null, nonce?: string, server_time?: string}>} data null when it has not changed */
export async function today(api, token, etag) {
  const answer = await api.ask("GET", "/api/v1/field/today", { token, etag: etag || undefined });
  const { nonce, server_time } = answer;
  return answer.status === 304 ? { data: null, nonce, server_time } : { data: answer.data, etag: answer.etag };
}
