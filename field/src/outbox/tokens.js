// The tokens of this phone's devices: today's, and those before it whose envelopes still wait.

/** @returns {Promise<Record<string, string>>} device → token */
export async function tokensOf(store, hands) {
  const row = await store.read(["state"], (tx) => tx.get("state", "tokens"));
  return row ? hands.open(row.sealed, "tokens") : {};
}

/** The row that holds them, to be stored by the caller. */
export const tokensRow = async (tokens, hands) => ({ name: "tokens", sealed: await hands.seal(tokens, "tokens") });
