// Villages of the courier's county by name or code, for one that is not on the round.

/** @param {string} text @returns {Promise<object[]>} */
export async function villages(api, token, text) {
  const { data } = await api.ask("GET", `/api/v1/field/villages?q=${encodeURIComponent(text)}`, { token });
  return Array.isArray(data) ? data : data.villages || [];
}
