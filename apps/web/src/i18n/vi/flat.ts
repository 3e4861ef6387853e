import type en from "../en/flat.ts";
import type { Translation } from "../translation.ts";

export default {
  assumed:
    "Định mức: mỗi km được tính như nhau, bất kể xe, mức tiêu thụ và lưới điện. Đây là giả định, không phải số đo.",
  more: "Các con số và nguồn",
} satisfies Translation<typeof en>;
