import type { Format } from "../format.ts";

export const vinfast: Format = {
  name: "vinfast",
  title: { en: "VinFast trip table", vi: "Bảng chuyến đi VinFast" },
  from: "Trip history copied from the VinFast app or made by a dealer: a date, two clock times, decimal commas.",
  shape: "trips",
  needs: [
    ["ngay", "ngay_di"],
    ["gio_bat_dau", "bat_dau", "gio_di", "gio_khoi_hanh"],
    ["gio_ket_thuc", "ket_thuc", "gio_den"],
    ["quang_duong", "quang_duong_km", "so_km"],
  ],
  columns: {},
  sample:
    "Ngày,Giờ bắt đầu,Giờ kết thúc,Quãng đường (km),Điện năng tiêu thụ (kWh),Ghi chú\n" +
    '01/02/2026,08:00,08:35,"12,5","2,1",đi làm\n' +
    '01/02/2026,5:05 CH,5:40 CH,"12,5","2,2",về\n',
  gives: [
    { start: "2026-02-01T08:00:00Z", end: "2026-02-01T08:35:00Z", km: 12.5, kwh: 2.1 },
    { start: "2026-02-01T17:05:00Z", end: "2026-02-01T17:40:00Z", km: 12.5, kwh: 2.2 },
  ],
};
