// How the app looks on this phone: day or night, size of text. Kept in localStorage; nothing of it is about work.
const defaults = { theme: "auto", size: "1" };
export const themes = { auto: "跟随手机", day: "白天", night: "夜间" };
export const sizes = { 1: "标准", 2: "大", 3: "特大" };

export function setting(name) {
  try {
    return localStorage.getItem(`puyou-field.${name}`) ?? defaults[name];
  } catch {
    return defaults[name];
  }
}

export function choose(name, value) {
  try {
    localStorage.setItem(`puyou-field.${name}`, value);
  } catch {
    // a phone that keeps nothing still shows it until the app closes
  }
  apply({ [name]: value });
}

/** Put the look on the page; follows the phone's own day and night when asked to. */
export function apply(fresh = {}) {
  const theme = fresh.theme ?? setting("theme");
  const night = theme === "night" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = night ? "night" : "day";
  document.documentElement.dataset.size = fresh.size ?? setting("size");
  document.querySelector("meta[name=theme-color]").content = night ? "#0c110f" : "#006341";
}

export function followThePhone() {
  apply();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  if (dark.addEventListener) dark.addEventListener("change", () => apply());
}
