// Which door a phone knocks at: a courier's, or the supervisors' beside it. Its token tells, which survives where keys do not.
export const COURIER = "/api/v1";
export const SUPERVISOR = "/api/v1/supervisor";

/** @param {string} token @returns {string} what the addresses of its door begin with */
export const doorOf = (token) => (isSupervisors(token) ? SUPERVISOR : COURIER);
export const isSupervisors = (token) => token.startsWith("puyou_s_");
