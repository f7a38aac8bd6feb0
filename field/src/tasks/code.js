// The enrolment code as people write it. Pure.
const outside = /[^23456789ABCDEFGHJKMNPQRSTUVWXYZ]/g;

/** Ten characters at most, capital, without what no code contains. */
export const plainCode = (text) => text.toUpperCase().replace(outside, "").slice(0, 10);

/** XXXXX-XXXXX */
export const spacedCode = (code) => (code.length > 5 ? `${code.slice(0, 5)}-${code.slice(5)}` : code);
