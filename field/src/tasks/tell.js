// When something goes wrong: what happened, what is safe, what to do.
import { isTrouble } from "../trouble.js";
import { ask, told } from "../ui/dialog.js";

const safe = "手机里已经存下的记录都还在。";

export async function tell(app, error) {
  if (!isTrouble(error)) {
    await told("出了意外", [`程序出错，这一步没有完成。${safe}`, "请再试一次；还不行就把这一页截图交给县局。", String(error && error.message)]);
    return;
  }
  if (error.code === "locked") return app.show();
  if (error.code === "storage_full") return full(app);
  if (error.code === "network" || error.code === "timeout") return told("没有连上网络", [error.message, "不影响到村打卡，有信号后会自动上传。"]);
  await told("没有完成", [error.message]);
}

async function full(app) {
  const answer = await ask({
    title: "手机存储满了",
    text: [`这一条还没有存下。${safe}`, "请先联网上传照片，或删掉手机里不用的图片、视频，再按一次【完成】。也可以把待上传的记录导出成文件。"],
    answers: [["flush", "现在上传", "main"], ["export", "导出到文件"], ["", "知道了"]],
  });
  if (answer === "flush") await app.phone.flush("hand");
  if (answer === "export") app.go("#/files");
}
