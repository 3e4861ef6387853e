import type en from "../en/trends.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Xu hướng thị trường",
  "heading.price": "Tín chỉ gần nhất được bán với giá {{ price }}",
  "heading.none": "Chưa có tín chỉ nào được bán",
  "lead.last": "{{ when }}. Mọi con số đều từ giao dịch trên sàn này, lấy từ chính sổ sách của sàn.",
  "lead.none": "Giá và khối lượng sẽ xuất hiện ở đây khi có giao dịch đầu tiên.",
  action: "Xem tín chỉ đang bán",
  "stat.week": "Trong 7 ngày",
  "stat.month": "Trong 30 ngày",
  "stat.unknown": "Trước đó chưa có giao dịch để so sánh",
  "stat.volume": "Đã bán trong 30 ngày",
  "stat.sales_one": "{{ count }} giao dịch",
  "stat.sales_other": "{{ count }} giao dịch",
  "stat.supply": "Đang được bán",
  "stat.supplyNote": "Theo giá cố định hoặc đấu giá",
  "stat.demand": "Đang được hỏi mua",
  "stat.demandNote": "Trong đơn chưa thanh toán và phiên đấu giá đã có người trả giá",
  "few.title": "Chưa đủ giao dịch để thấy xu hướng",
  "few.body":
    "Đã có {{ trades }} giao dịch giữa {{ traders }} người; cần ít nhất {{ neededTrades }} giao dịch giữa {{ neededTraders }} người. Những gì bạn thấy là các giao dịch riêng lẻ.",
  "price.title": "Giá mỗi tín chỉ",
  "price.note": "Những ngày có giao dịch, trung bình theo khối lượng",
  "price.band": "Dự kiến chín trên mười giao dịch nằm trong khoảng này",
  "price.forecast":
    "Những ngày có giao dịch, và khoảng giá dự kiến chứa chín trên mười trường hợp của những ngày tới",
  "volume.title": "Tín chỉ đã bán",
  "volume.note": "Những ngày có giao dịch",
  "column.day": "Ngày",
  "column.price": "Giá mỗi tín chỉ",
  "column.range": "Khoảng giá",
  "column.volume": "Tín chỉ",
  "column.lowest": "Thấp nhất",
  "column.highest": "Cao nhất",
  "column.sales": "Giao dịch",
  "table.title": "Theo từng ngày",
} satisfies Translation<typeof en>;
