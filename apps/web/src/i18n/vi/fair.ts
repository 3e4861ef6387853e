export default {
  title: "So với giá các giao dịch trước",
  below: "Thấp hơn các giao dịch trước ({{ share }})",
  fair: "Ngang các giao dịch trước ({{ share }})",
  above: "Cao hơn các giao dịch trước ({{ share }})",
  basis:
    "Lô như thế này thường bán với giá khoảng {{ suggested }} mỗi tín chỉ; cứ 10 lô thì 9 lô nằm trong khoảng {{ low }} đến {{ high }}. Dựa trên {{ trades }} giao dịch.",
  unknown: "Các giao dịch trước chưa đủ căn cứ để đánh giá mức giá này.",
  held: "{{ share }} trong số đó nằm đúng khoảng giá đã đưa ra.",
};
