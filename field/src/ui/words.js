// What codes are called on the screen.
export const mail = { letters: "信件", papers: "报刊", parcels: "包裹", notices: "领取通知单" };
export const receivers = { committee: "村委会", station: "村邮站", shop: "商店", addressee: "收件人", family: "家属", other: "其他" };
export const modes = { point: "接转点", household: "直投到户" };
export const grounds = {
  flood: "洪水", snow: "冰雪", mountain_closed: "封山", road_closed: "道路中断", epidemic: "疫情", sickness: "生病", other: "其他",
};
export const kinds = {
  visit: "到村打卡", withdrawal: "撤销", hindrance: "不能投递", appeal: "申诉", answer: "回复询问", round_mark: "出班与收班", consent: "知情同意",
  supervisor_result: "任务结果", supervisor_report: "反映", supervisor_declaration: "利益声明", supervisor_confirmation: "是否解决", supervisor_rating: "评价", supervisor_withdrawal: "撤回反映",
};

/** 信件 2、包裹 1 */
export function handedSentence(handed, nothing) {
  if (nothing) return "今日无邮件";
  const parts = Object.entries(handed ?? {}).filter(([, count]) => count > 0);
  return parts.map(([kind, count]) => `${mail[kind] ?? kind} ${count}`).join("、") || "没有填数量";
}
