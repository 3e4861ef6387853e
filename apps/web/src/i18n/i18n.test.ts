import { expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { type AreaName, areas } from "./areas.ts";
import { loadText, setLocale, useText } from "./index.ts";

const places = (text: string) => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name).sort();

for (const name of Object.keys(areas) as AreaName[]) {
  test(`${name}: both languages have the same keys, the same places, and no empty text`, async () => {
    const en: Record<string, string> = (await areas[name].en()).default;
    const vi: Record<string, string> = (await areas[name].vi()).default;
    expect(Object.keys(vi).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en)) {
      // Vietnamese has one plural form, so `_one` may leave its number's place out or keep it.
      if (!key.endsWith("_one")) expect([key, places(vi[key] ?? "")]).toEqual([key, places(en[key] ?? "")]);
      expect([key, (vi[key] ?? "").trim().length > 0 && (en[key] ?? "").trim().length > 0]).toEqual([
        key,
        true,
      ]);
    }
  });

  test(`${name}: no Vietnamese text was left in English`, async () => {
    const en: Record<string, string> = (await areas[name].en()).default;
    const vi: Record<string, string> = (await areas[name].vi()).default;
    const same = Object.keys(en).filter((key) => {
      const words = (en[key] ?? "").replace(/\{\{.*?\}\}/g, "").match(/\p{L}{2,}/gu) ?? [];
      return words.length >= 3 && en[key] === vi[key] && key !== "name";
    });
    expect(same).toEqual([]);
  });
}

test("a language change brings every word on the screen with it", async () => {
  await loadText("entry");
  const t = useText("entry");
  expect(t("signIn.title")).toBe("Sign in");
  await setLocale("vi");
  expect(t("signIn.title")).toBe("Đăng nhập");
  expect(document.documentElement.lang).toBe("vi");
  await setLocale("en");
});

test("plurals follow the language, numbers its format", async () => {
  await loadText("frame");
  const t = useText("frame");
  expect(t.n("header.unread", 1)).toBe("1 unread notification");
  expect(t.n("header.unread", 1200)).toBe("1,200 unread notifications");
  await setLocale("vi");
  expect(t.n("header.unread", 1200)).toBe("1.200 thông báo chưa đọc");
  await setLocale("en");
});

/** One thing, one word: what README, table, verb and screen call it. Left: what it is; right: what it is not called. */
const avoided = {
  en: [
    ["auditor", /\bverifiers?\b|\binspectors?\b|\breviewers?\b/i],
    ["operator", /\badministrators?\b/i],
    [
      "email",
      /(?<!e)\bmails\b|\b(a|our) mail\b|\be-mails?\b|\bmailbox\b|\bletters? (again|is on)|\bof letters\b|\bwe mail\b/i,
    ],
    ["Enter …", /(^|[.!?] )Write (a|an|the|your|how|both) /],
    ["continue", /\bgo on\b/i],
    ["submitted", /\bhand(ed)? in\b/i],
    ["returned", /\bgiven back\b/i],
    ["buffer", /\bkept back\b/i],
    ["all caught up", /\bnothing waits\b/i],
    ["appears", /\bstands (at|here)\b|\bshould stand\b/i],
    ["current password", /\bpresent password\b/i],
    ["avoided", /\bout of the air\b|CO₂ sav(ed|ings)\b|saved CO₂/i],
    ["rejected", /trips? (was |were )?refused|refused trips?|\brefuse (the |this )?trips?\b/i],
    ["flat rate, metered", /fixed average|by measured energy/i],
    ["vintage", /\byear driven\b/i],
    ["motorcycle", /\bmotorbikes?\b/i],
    ["automatically", /\b(sell|sent|send) (it |.* )?by (itself|themselves)\b/i],
    ["self-dealing", /(sales?|selling) to oneself/i],
    ["audit trail", /\baudit log\b/i],
    ["retire", /\bburn(ed|t)?\b|\boffset(ting)? your credits\b/i],
    ["issue", /\bmint(ed|ing)?\b/i],
    ["credits", /\btokens? (for sale|to sell)\b|\bcarbon coins?\b/i],
  ],
  vi: [
    ["thẩm định viên", /kiểm định viên|kiểm toán viên|đơn vị thẩm định/i],
    ["thẩm định", /kiểm chứng/i],
    ["xóa sổ", /loại bỏ tín chỉ|tín chỉ (đã )?loại bỏ|đã loại bỏ/i],
    ["phát hành", /cấp tín chỉ/i],
    ["sàn tín chỉ", /chợ tín chỉ/i],
    ["email", /e-mail|hộp thư/i],
    ["Vui lòng nhập", /hãy ghi /i],
    ["còn … có thể bán", /còn trống/i],
    ["giảm được", /không thải ra|khỏi bầu khí quyển/i],
    ["số liệu trực tiếp", /theo sổ cái/i],
    ["quản trị viên", /(người|nhà) vận hành/i],
    ["giảm được", /tránh được/i],
    ["công-tơ-mét", /đồng hồ(?! (của máy chủ|lùi giờ))|công tơ mét/i],
    ["km", /ki-lô-mét/i],
    ["sàn", /(?<!\p{L})chợ(?!\p{L})|nền tảng/iu],
    ["thẩm định viên", /chuyên gia thẩm định/i],
    ["định mức, đo thực tế", /mức cố định|trung bình cố định|đo đếm/i],
    ["cảnh báo", /gắn cờ/i],
    ["phê duyệt", /chấp thuận/i],
    ["cần mua", /hỏi mua/i],
    ["năm phát sinh", /năm lái xe|năm phát hành/i],
    ["khiếu nại", /tranh chấp/i],
    ["chưa yêu cầu", /tự do/i],
    ["tạm khóa", /tạm ngưng/i],
    ["nhật ký kiểm toán", /nhật ký kiểm tra/i],
  ],
} as const;

test("one thing has one word on every screen", async () => {
  const astray: string[] = [];
  for (const name of Object.keys(areas) as AreaName[]) {
    for (const locale of ["en", "vi"] as const) {
      const words: Record<string, string> = (await areas[name][locale]()).default;
      for (const [key, text] of Object.entries(words))
        for (const [right, wrong] of avoided[locale])
          if (wrong.test(text)) astray.push(`${locale}/${name} ${key}: say "${right}"`);
    }
  }
  expect(astray).toEqual([]);
});

/** What the server says in both languages, wherever it stands: refusals, letters, notices, reasons. */
const said = /\b(en|vi):\s*("(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)/g;

test("and in every sentence of the server's", async () => {
  const astray: string[] = [];
  let read = 0;
  const root = join(import.meta.dir, "../../../..");
  for (const file of new Glob("packages/**/src/**/*.ts").scanSync(root)) {
    if (/node_modules|\.test\.ts$/.test(file)) continue;
    for (const [, locale, text = ""] of (await Bun.file(join(root, file)).text()).matchAll(said)) {
      read++;
      for (const [right, wrong] of avoided[locale as "en" | "vi"])
        if (wrong.test(text.slice(1, -1))) astray.push(`${file} ${locale}: say "${right}" in ${text}`);
    }
  }
  expect(read).toBeGreaterThan(500);
  expect(astray).toEqual([]);
});
