// Size of text, day and night; shown at once.
import { choices, notice } from "../ui/parts.js";
import { choose, setting, sizes, themes } from "../ui/settings.js";

export async function look(app) {
  return { title: "字号与昼夜", back: app.status.enrolled ? "#/mine" : "#/enrol", way: "mine", body: [
    choices("字号", sizes, setting("size"), (value) => choose("size", value)),
    choices("昼夜", themes, setting("theme"), (value) => choose("theme", value)),
    notice("响水村　1.2 公里", "太阳下看不清时，用“白天”，并把手机亮度调到最高。"),
  ] };
}
