// Waiting: under 200 ms nothing is shown, above it the part is marked busy, above 2 s there is a way to cancel.
const waiting = new Map();

function banner() {
  let bar = document.getElementById("busy");
  if (!bar) {
    bar = document.createElement("div");
    bar.id = "busy";
    bar.className = "busy";
    bar.setAttribute("role", "status");
    document.body.append(bar);
  }
  return bar;
}

function tell(sentence, action, label) {
  const bar = banner();
  bar.replaceChildren(sentence);
  if (action) {
    const button = document.createElement("button");
    button.className = "link";
    button.textContent = label;
    button.addEventListener("click", action);
    bar.append(button);
  }
  bar.hidden = false;
}

function begin(event) {
  const { xhr, target } = event.detail;
  const mark = setTimeout(() => target.setAttribute("aria-busy", "true"), 200);
  const offer = setTimeout(() => tell("仍在加载，请稍候。", () => xhr.abort(), "取消"), 2000);
  waiting.set(xhr, { mark, offer, target });
}

function end(event) {
  const started = waiting.get(event.detail.xhr);
  if (!started) return;
  clearTimeout(started.mark);
  clearTimeout(started.offer);
  started.target.removeAttribute("aria-busy");
  waiting.delete(event.detail.xhr);
  if (!waiting.size && !event.detail.failed) banner().hidden = true;
}

/** Say what htmx requests are doing when they are slow or fail. */
export function startBusy() {
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);
  document.addEventListener("htmx:responseError", () =>
    tell("这一步没有完成，内容没有更改。请刷新页面后重试。", () => location.reload(), "刷新"),
  );
  document.addEventListener("htmx:sendError", () =>
    tell("网络不通，这一步没有完成，内容没有更改。", () => (banner().hidden = true), "知道了"),
  );
}
