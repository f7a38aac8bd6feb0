// What a village's tag says: PY1.<village>.<number>.<mac>, alone or at the end of an address.
const form = /(?:^|#tag=)(PY1\.(\d{12})\.(\d+)\.[A-Za-z0-9_-]+)$/;

/** The tag's text within what was read, or null. */
export function tagIn(text) {
  const found = form.exec((text ?? "").trim());
  return found && found[1];
}

/** The village that a tag names. */
export function villageOf(tag) {
  const found = form.exec(tag ?? "");
  return found && found[2];
}
