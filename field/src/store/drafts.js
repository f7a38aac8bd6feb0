// Drafts: a form that survives the app being killed, sealed under its name.

/** @param {import("../outbox/parts.js").Parts} parts */
export function createDrafts({ store, vault }) {
  const key = (name) => `draft:${name}`;
  return {
    async draft(name) {
      const hands = vault.hold();
      const row = await store.read(["state"], (tx) => tx.get("state", key(name)));
      return row ? hands.open(row.sealed, key(name)) : null;
    },
    async saveDraft(name, value) {
      const sealed = await vault.hold().seal(value, key(name));
      await store.write(["state"], (tx) => tx.put("state", { name: key(name), sealed }));
    },
    dropDraft: (name) => store.write(["state"], (tx) => tx.drop("state", key(name))),
  };
}
