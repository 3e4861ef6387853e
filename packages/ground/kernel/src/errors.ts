import { refusals } from "./refusal.ts";

/** Refusals of reading a list. */
export const refuse = refusals({
  cursor_unknown: {
    kind: "invalid",
    en: "This cursor is not one that this list gave. Leave it out to begin at the start.",
    vi: "Con trỏ này không phải do danh sách này trả về. Hãy bỏ đi để bắt đầu từ đầu.",
  },
});
