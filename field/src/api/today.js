// The day's round: asked with the tag of the one that is kept.

/** @returns {Promise<{data: object, etag: string | null} | null>} null when it has not changed */
export async function today(api, token, etag) {
  const answer = await api.ask("GET", "/api/v1/field/today", { token, etag: etag || undefined });
  return answer.status === 304 ? null : { data: answer.data, etag: answer.etag };
}
