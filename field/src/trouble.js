// What may go wrong on the phone: one catalogue of codes, each with the Chinese sentence that is shown.

const SENTENCES = {
  aborted: "已取消。",
  bad_code_form: "登记码应为 10 位字母或数字，请对照县局给的登记码核对。",
  bad_file: "这不是待上传数据的导出文件，或者文件已损坏。",
  bad_picture: "照片无法读取，请重拍。",
  bad_pin: "请设置 6 位数字的密码。",
  bad_text: "内容里有无法保存的字符，请修改后再存。",
  busy: "服务器忙，请稍后再试。",
  camera_denied: "没有使用相机的权限。可以不拍照继续，也可以在系统设置里允许使用相机。",
  chain_busy: "另一个窗口正在保存，请再点一次。",
  locked: "请先输入密码。",
  network: "现在没有信号，已存在手机里，有信号时自动上传。",
  nfc_denied: "没有使用 NFC 的权限。",
  no_camera: "这台手机没有可用的相机。",
  no_crypto: "当前网址不安全（不是 https），无法登记和签名。",
  no_microphone: "无法录音：没有麦克风或没有权限。",
  no_nfc: "这台手机或浏览器不支持 NFC，请改扫二维码。",
  no_storage: "手机浏览器不允许保存数据（可能是无痕模式），请换用普通模式打开。",
  no_token: "这部分数据属于另一台手机，本机没有它的凭证，请交县局处理。",
  not_enrolled: "这台手机还没有登记，请向县局要登记码。",
  nothing_to_export: "没有待上传的数据，不需要导出。",
  nothing_to_restore: "没有找到备份。",
  other_tab: "请先关闭本应用的其他窗口，再重新打开。",
  photo_missing: "照片没有保存成功，请重拍。",
  photo_too_big: "照片或录音太大，请重拍或录短一些。",
  revoked: "这台手机已停用，请联系县局。未上传的数据仍保存在手机里。",
  server: "服务器暂时出错，稍后自动重试。",
  storage_full: "手机存储空间已满，没有保存。请清理手机空间后再试。",
  timeout: "网络太慢，没有等到回答，稍后自动重试。",
  too_large: "这一条太大，服务器不收，请联系县局。",
  too_long: "内容太长，请缩短备注。",
  unknown_envelope: "没有找到这条记录。",
  wait: "密码输错次数太多，请稍后再试。",
  wrong_key: "导出文件的口令不对。",
  wrong_pin: "密码不对。",
  wrong_recovery: "找回码不对。",
};

/** An error that a person may read: stable code, Chinese sentence, facts. */
export class Trouble extends Error {
  /**
   * @param {string} code  a code of the catalogue, or one the server gave
   * @param {object} [details]
   * @param {string} [message]  the server's own sentence
   */
  constructor(code, details = {}, message = SENTENCES[code]) {
    super(message || SENTENCES.server);
    this.name = "Trouble";
    this.code = code;
    this.details = details;
  }
}

/**
 * @param {unknown} error
 * @param {string} [code]
 * @returns {boolean} whether it is a Trouble (of that code)
 */
export const isTrouble = (error, code) => error instanceof Trouble && (code === undefined || error.code === code);

/** For what is good to have: a full phone does without it. @param {Promise<any>} work */
export const unlessFull = (work) =>
  work.catch((error) => {
    if (!isTrouble(error, "storage_full")) throw error;
    return null;
  });
