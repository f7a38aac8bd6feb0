// The courier's guide, as it stands in docs/guide/courier.md, with its pictures.
import text from "../../../docs/guide/courier.md";
import { link } from "../ui/parts.js";
import { pictures } from "./pictures.js";
import { pageOf } from "./markdown.js";

export async function training(app) {
  const back = app.status.enrolled ? "#/mine" : "#/enrol";
  return { title: "怎么用", back, way: "mine", body: [pageOf(text, pictures), !app.practice && link("练习一下", "#practice")] };
}
