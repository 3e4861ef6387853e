import { html, raw } from "hono/html";

/** Languages that the gateways' pages speak. */
export type Language = "en" | "vi";

export const preferred = (asked: string | null | undefined): Language =>
  /^vi\b/i.test(asked ?? "") ? "vi" : "en";

const style = `
:root{color-scheme:light dark;--ink:#16211c;--soft:#5c6963;--line:#dfe5e1;--page:#f6f8f6;--card:#fff;--act:#0b6b46;--onact:#fff;--loss:#b3261e;--lossback:#fdf0ee}
@media(prefers-color-scheme:dark){:root{--ink:#e8eeea;--soft:#9aa8a1;--line:#2a352f;--page:#0f1512;--card:#161d19;--act:#3fbf8a;--onact:#06130d;--loss:#ff9d94;--lossback:#33191733}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--page);color:var(--ink);font:16px/1.5 Inter,system-ui,sans-serif}
main{width:100%;max-width:420px}.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px}
h1{font-size:16px;font-weight:600;margin:0 0 4px}.what{color:var(--soft);margin:0 0 16px;overflow-wrap:anywhere}
.sum{font-size:32px;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.02em;margin:0 0 24px}
label{display:block;font-size:14px;font-weight:500;margin-bottom:4px}
input{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin-bottom:16px;font-variant-numeric:tabular-nums}
input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid var(--act);outline-offset:2px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:12px}.two>*{min-width:0}
button{width:100%;font:inherit;font-weight:600;white-space:nowrap;border:0;border-radius:8px;padding:12px;background:var(--act);color:var(--onact);cursor:pointer}
.act{display:block;text-align:center;text-decoration:none;font-weight:600;border-radius:8px;padding:12px;background:var(--act);color:var(--onact)}
.go{display:block;text-align:center;margin-top:16px;color:var(--soft)}
.no{border:1px solid var(--loss);background:var(--lossback);color:var(--loss);border-radius:8px;padding:10px 12px;margin:0 0 16px}
.tests{color:var(--soft);font-size:14px;margin-top:20px}.tests p{margin:0 0 8px}.tests ul{list-style:none;margin:0;padding:0}
.tests li{display:flex;justify-content:space-between;gap:12px;padding:4px 0;border-top:1px solid var(--line)}code{font:inherit;font-variant-numeric:tabular-nums;color:var(--ink);white-space:nowrap}`;

/** Names the style in a page's policy, so that no other style and no script runs. */
export const styleHash = `sha256-${new Bun.CryptoHasher("sha256").update(style).digest("base64")}`;

/** One narrow card on a quiet page, in light and dark, without a script or anything from elsewhere. */
export const frame = (
  language: Language,
  title: string,
  body: ReturnType<typeof html>,
) => html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${raw(style)}</style></head><body><main><div class="card">${body}</div></main></body></html>`;
