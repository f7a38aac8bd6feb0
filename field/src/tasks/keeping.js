// This phone: how it keeps things, how full it is, and what to do before it is replaced.
import { h } from "../ui/h.js";
import { facts, heading, link, notice, quiet } from "../ui/parts.js";
import { megabytes } from "./outbox.js";

export async function keeping(app) {
  const { device, persisted, space, waiting } = app.status;
  const receipts = await app.phone.receipts({ limit: 1 });
  return { title: "手机与存储", back: "#/mine", way: "mine", body: [
    facts([
      ["手机编号", device],
      ["待上传", `${waiting && waiting.count !== undefined ? waiting.count : waiting} 条`],
      ["最近回执", receipts.length ? receipts[0].received_at.slice(0, 16).replace("T", " ") : "还没有"],
      ["已用空间", space ? `${megabytes(space.used)}（可用 ${megabytes(space.quota - space.used)}）` : "不知道"],
      ["长期保存", persistedWords(persisted)],
    ]),
    persisted === false && notice("手机可能会清掉数据", "请把“通邮”添加到桌面，并且不要用手机管家清理浏览器数据。手机里另存了一份加密备份。", "warning"),
    heading("换手机"), h("div", { class: "guide" }, h("ol", {}, ["在旧手机上按【现在上传】，直到“全部已上传”。", "请县局给新手机发登记码。", "旧手机没信号传不完的，导出成文件。"].map((line) => h("li", {}, line)))),
    link("导出、从文件恢复", "#/files"), link("用新的登记码重新登记", "#/enrol"),
    heading("添加到桌面"), quiet("在浏览器菜单里选“添加到主屏幕”或“安装应用”。不添加也能用，下次从同一个网址打开即可。"),
  ] };
}

const persistedWords = (persisted) => ({ true: "手机已答应", false: "手机没有答应" })[persisted] ?? "这部手机不支持";
