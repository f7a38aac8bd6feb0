// After 完成: “已存在手机里”, with the undo; “已提交” only once the receipt is there.
const undoFor = 30;

export function keptToast(app, kept, villages) {
  const names = villages.map((village) => village.name).join("、");
  const undo = () => app.attempt(async () => {
    for (const { id } of kept) await app.phone.undo(id, "刚刚按错");
    await app.refresh();
    app.say(`已撤销：${names}`);
    app.phone.flush("open");
  });
  app.say(`已存在手机里：${names}`, { word: "撤销", act: undo, seconds: undoFor });
  app.phone.flush("open");
}
