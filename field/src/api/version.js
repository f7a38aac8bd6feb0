// Whether this app is still spoken to kindly: the least and the newest number the server knows.
import { APP } from "../version.js";

export async function version(api) {
  const { minimum, current, message } = (await api.ask("GET", "/api/v1/field/version")).data;
  return { minimum, current, message, must_update: APP < minimum, may_update: APP < current };
}
