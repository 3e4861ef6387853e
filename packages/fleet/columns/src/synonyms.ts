import { inOtherLanguages, words } from "./languages.ts";
import type { Synonyms } from "./roles.ts";

/** Headers of our own format, and what spreadsheets and other programs call the same things. First match wins. */
export const ownSynonyms = {
  id: ["id", "trip_id", "source_id", "drive_id", "journey_id", "external_id", "ma_chuyen_di"],
  start: [
    ...words(`
    start_time start_date_ts start started_at started trip_start trip_start_time start_date_time
    start_datetime start_timestamp start_date startzeit departure departure_time begin start_at bat_dau
    departed xuat_phat gio_xuat_phat thoi_gian_xuat_phat gio_bat_dau thoi_gian_bat_dau thoi_diem_bat_dau gio_khoi_hanh gio_di thoi_gian_khoi_hanh
    thoi_diem_khoi_hanh tu_gio start_ts start_epoch start_utc fahrtbeginn fahrtstart`),
    ...inOtherLanguages.start,
  ],
  end: [
    ...words(`
    end_time end_date_ts end ended_at ended stopped trip_end trip_end_time end_of_trip trip_end_timestamp
    end_date_time end_datetime end_timestamp end_date stop_date stop_time endzeit arrival arrival_time
    arrived finish end_at gio_den_noi ket_thuc gio_ket_thuc thoi_gian_ket_thuc thoi_diem_ket_thuc gio_den gio_ve den_gio
    thoi_gian_den thoi_diem_den end_ts end_epoch end_utc fahrtende`),
    ...inOtherLanguages.end,
  ],
  date: [
    ...words(`
    date day trip_date datum ngay ngay_di ngay_thang fecha data`),
    ...inOtherLanguages.date,
  ],
  duration_min: [
    ...words(`
    duration_min duration_minutes duration_in_minutes travel_time_in_minutes minutes duration travel_time
    driving_duration driving_time driving_time_min drive_time drive_time_min drive_duration trip_duration
    trip_time elapsed_time dauer dauer_min fahrzeit thoi_luong thoi_gian thoi_gian_di_chuyen
    thoi_gian_phut`),
    ...inOtherLanguages.duration_min,
  ],
  duration_s: words(`
    duration_s duration_sec duration_seconds duration_in_seconds travel_time_seconds`),
  distance: [
    ...words(`
    distance_km distance km mi distance_in_km trip_distance_km trip_distance trip_km distance_m distance_mi
    miles distance_miles distance_in_miles mileage_km mileage_in_km distance_meters distance_metres
    distance_kilometers kilometers kilometres odometer_distance odometer_distance_mi odometer_distance_km
    driven_km strecke kilometer strecke_km entfernung_km fahrstrecke_km gefahrene_km distanz_km
    quang_duong quang_duong_km so_km khoang_cach_km km_da_di mileage quang_duong_di_duoc
    quang_duong_di_duoc_km quang_duong_di_chuyen_km tong_quang_duong so_km_di khoang_cach`),
    ...inOtherLanguages.distance,
  ],
  distance_unit: ["distance_unit", "unit"],
  odometer: words(`
    odometer odometer_km odometer_mi odo odo_km km_stand so_cong_to_met cong_to_met`),
  start_odometer: [
    ...words(`
    start_odometer odometer_start start_odometer_km starting_odometer start_km start_mileage_km
    start_mileage_in_km km_stand_start start_mileage odo_dau km_dau`),
    ...inOtherLanguages.start_odometer,
  ],
  end_odometer: [
    ...words(`
    end_odometer odometer_end end_odometer_km ending_odometer end_km overall_mileage_km end_mileage_in_km
    end_mileage_km km_stand_ende end_mileage odo_cuoi km_cuoi`),
    ...inOtherLanguages.end_odometer,
  ],
  energy: [
    ...words(`
    energy_consumed energy kwh energy_kwh energy_consumed_kwh energy_wh energy_used energy_used_kwh
    energy_used_wh consumption_kwh consumption_in_kwh energy_consumption_kwh
    electric_energy_consumption_kwh electric_consumption_kwh power_consumption_kwh power_consumption
    net_energy_kwh energy_consumed_net energy_consumed_net_kwh used_kwh energie_kwh verbrauch_kwh
    stromverbrauch_kwh dien_nang dien_nang_kwh dien_nang_tieu_thu dien_nang_tieu_thu_kwh dien_tieu_thu_kwh
    tieu_thu_kwh dien_nang_tieu_hao dien_nang_tieu_hao_kwh nang_luong_tieu_thu nang_luong_tieu_thu_kwh
    dien_nang_su_dung_kwh luong_dien_tieu_thu_kwh`),
    ...inOtherLanguages.energy,
  ],
  consumption: [
    ...words(`
    consumption_kwh_100km kwh_100km kwh_100mi kwh_100_mi kwh_per_100mi consumption_kwh_100mi
    avg_consumption_kwh_100mi avg_consumption average_consumption consumption_kwh_per_100km average_electric_consumption
    average_electric_consumption_in_kwh_100km average_consumption_kwh_100km avg_consumption_kwh_100km
    electric_consumption_kwh_100km energy_consumption_kwh_100km verbrauch_kwh_100km wh_km avg_wh_km
    consumption_wh_km wh_mi km_kwh mi_kwh efficiency_mi_kwh efficiency_km_kwh muc_tieu_thu_kwh_100km
    muc_tieu_thu muc_tieu_thu_trung_binh tieu_thu_trung_binh_kwh_100km suat_tieu_thu`),
    ...inOtherLanguages.consumption,
  ],
  start_lat: ["start_lat", "start_latitude", "starting_latitude", "from_lat"],
  start_lon: words(`
    start_long start_lon start_lng start_longitude starting_longitude from_lon from_lng`),
  end_lat: ["end_lat", "end_latitude", "ending_latitude", "to_lat"],
  end_lon: ["end_long", "end_lon", "end_lng", "end_longitude", "ending_longitude", "to_lon", "to_lng"],
  start_location: [
    ...words(`
    start_location start_address from starting_location origin startort diem_di`),
    ...inOtherLanguages.start_location,
  ],
  end_location: [
    ...words(`
    end_location end_address to ending_location destination zielort diem_den`),
    ...inOtherLanguages.end_location,
  ],
  notes: [
    ...words(`
    notes comment comments note user_notes title tag zweck bemerkung purpose ghi_chu`),
    ...inOtherLanguages.notes,
  ],
  vehicle: [],
} satisfies Synonyms;
