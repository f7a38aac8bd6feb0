// What the person has allowed, as far as the browser tells: so that a refusal is seen and not guessed.

/** @returns {Promise<{position: string, camera: string}>} granted | denied | unavailable | prompt | unknown */
export async function webPermission({ navigator }) {
  const has = { position: Boolean(navigator && navigator.geolocation), camera: Boolean(navigator && navigator.mediaDevices) };
  const [position, camera] = await Promise.all([asked(navigator, has.position, "geolocation"), asked(navigator, has.camera, "camera")]);
  return { position, camera };
}

async function asked(navigator, has, name) {
  if (!has) return "unavailable";
  if (!navigator.permissions) return "unknown";
  const found = await navigator.permissions.query({ name }).catch(() => null);
  return found ? found.state : "unknown";
}
