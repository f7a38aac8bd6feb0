// 我的数据: what the authority keeps about this courier.

/** @param {string} [month] such as 2026-11 */
export async function me(api, token, month) {
  const query = month ? `?month=${encodeURIComponent(month)}` : "";
  return (await api.ask("GET", `/api/v1/field/me${query}`, { token })).data;
}
