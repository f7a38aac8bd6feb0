// Serves the built app alone, to look at screens in practice mode: node field/dev/serve.mjs [port]. Not shipped.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const build = path.resolve(import.meta.dirname, "../../puyou/fieldwork/static/fieldwork/build");
const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

function fileOf(address) {
  if (address === "/field/") return path.join(build, "index.html");
  return path.join(build, path.basename(address));
}

createServer((request, answer) => {
  const file = fileOf(new URL(request.url, "http://x").pathname);
  if (!existsSync(file) || request.url.startsWith("/api/")) return answer.writeHead(503).end();
  answer.writeHead(200, { "Content-Type": kinds[path.extname(file)] ?? "application/octet-stream", "Content-Security-Policy": policy });
  createReadStream(file).pipe(answer);
}).listen(Number(process.argv[2] ?? 8123), "127.0.0.1");
