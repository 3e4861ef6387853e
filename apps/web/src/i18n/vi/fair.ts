export default {
  title: "So với giá các giao dịch trước",
  below: "Thấp hơn các giao dịch trước ({{ share }})",
  fair: "Ngang các giao dịch trước ({{ share }})",
  above: "Cao hơn các giao dịch trước ({{ share }})",
  basis:
    "Theo các giao dịch trước, lô như vậy có giá khoảng {{ suggested }} mỗi tín chỉ; 9 trên 10 giao dịch nằm giữa {{ low }} và {{ high }}. Rút ra từ {{ trades }} giao dịch.",
  unknown: "Chưa đủ giao dịch để so sánh giá này.",
  held: "Khoảng giá như vậy đã đúng với {{ share }} số giao dịch.",
};
