import type en from "../en/planted.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "A planted page",
  lead: "Viết ở đây một câu: trang này dùng để làm gì.",
} satisfies Translation<typeof en>;
