/** Sentences that carry no figure of their own, in Vietnamese by their English form. */
export const vietnameseSentences: Readonly<Record<string, string>> = {
  "Choose a name that does not look like a pseudonym.": "Vui lòng chọn tên không giống bí danh.",
  "Not an LEI: twenty places whose check digits fit, such as 5493001KJTIIGC8Y1R12.":
    "Không phải mã LEI: cần 20 ký tự với số kiểm tra đúng, ví dụ 5493001KJTIIGC8Y1R12.",
  "Send the file as the body, or as a multipart field named file.":
    "Hãy gửi tệp làm nội dung yêu cầu, hoặc trong trường multipart tên là file.",
  "Enter 64 hex digits.": "Vui lòng nhập 64 chữ số hệ thập lục phân.",
  "Enter the model year with four digits.": "Vui lòng nhập năm sản xuất gồm bốn chữ số.",
  "A VIN has 17 characters.": "Số VIN gồm 17 ký tự.",
  "Enter the battery's size in kWh, such as 60.": "Vui lòng nhập dung lượng pin theo kWh, ví dụ 60.",
  "Enter a day such as 2026-03-01, or the time as ISO 8601, such as 2026-03-01T08:00:00Z.":
    "Vui lòng nhập ngày, ví dụ 2026-03-01, hoặc thời gian theo ISO 8601, ví dụ 2026-03-01T08:00:00Z.",
  "Enter the kilometres on the odometer.": "Vui lòng nhập số km trên công-tơ-mét.",
  "At most 40 columns can be mapped.": "Có thể gán tối đa 40 cột.",
  "Enter the hash's 64 digits.": "Vui lòng nhập đủ 64 chữ số của mã băm.",
  "Enter grams of CO2e per kWh, such as 486.13.": "Vui lòng nhập số gam CO2e mỗi kWh, ví dụ 486.13.",
  "Enter the batch's number in digits.": "Vui lòng nhập số lô bằng chữ số.",
  "Enter the gram's number in digits.": "Vui lòng nhập số thứ tự của gam bằng chữ số.",
  "Enter the day as YYYY-MM-DD.": "Vui lòng nhập ngày dạng YYYY-MM-DD.",
  "There is no such day.": "Không có ngày như vậy.",
  "Choose stripe, paypal or vnpay.": "Hãy chọn stripe, paypal hoặc vnpay.",
  "Enter the account number or IBAN.": "Vui lòng nhập số tài khoản hoặc IBAN.",
  "Enter the bank's code in letters and digits.": "Vui lòng nhập mã ngân hàng gồm chữ cái và chữ số.",
  "Enter the number as it stands on the invoice, such as EVX-2026-000012.":
    "Vui lòng nhập số như trên hóa đơn, ví dụ EVX-2026-000012.",
  "Enter a month in the years 1900 to 2199.": "Vui lòng nhập tháng trong các năm 1900 đến 2199.",
  "The period ends before it begins. Swap its two ends.":
    "Khoảng thời gian kết thúc trước khi bắt đầu. Hãy đổi chỗ hai mốc.",
  "Enter the month as 2026-03.": "Vui lòng nhập tháng, ví dụ 2026-03.",
  "Choose fixed or auction.": "Hãy chọn fixed hoặc auction.",
  "Choose connected, export or manual.": "Hãy chọn connected, export hoặc manual.",
  "Enter the year as four digits.": "Vui lòng nhập năm gồm bốn chữ số.",
  "Sort by price, -price, newest or ending.": "Hãy sắp xếp theo price, -price, newest hoặc ending.",
  "The search cannot be made of this filter.": "Không thể tìm kiếm với bộ lọc này.",
  "Name a listing or a quote.": "Hãy nêu một tin đăng hoặc một báo giá.",
  "Only what was quoted can be retired at once.": "Chỉ tín chỉ mua theo báo giá mới có thể xóa sổ ngay.",
  "Name a currency of this venue.": "Hãy chọn một loại tiền của sàn.",
  "Enter a time of day such as 22:00.": "Vui lòng nhập giờ trong ngày, ví dụ 22:00.",
  "Quiet hours need an end that differs from their beginning.":
    "Giờ yên tĩnh cần có giờ kết thúc khác giờ bắt đầu.",
  "There is no such time zone.": "Không có múi giờ như vậy.",
  "must be base64url": "Phải là chuỗi base64url.",
  "Enter the number with its country, such as +84 90 123 45 67.":
    "Vui lòng nhập số kèm mã quốc gia, ví dụ +84 90 123 45 67.",
  "The code has six digits.": "Mã gồm sáu chữ số.",
  "Enter a day such as 2026-03-01.": "Vui lòng nhập ngày, ví dụ 2026-03-01.",
};
