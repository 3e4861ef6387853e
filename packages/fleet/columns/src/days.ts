/** Headers of the day of a departure or an arrival, where the hour may stand in a column of its own. */
export const daysOf = {
  start: [
    ...[
      "start_date",
      "trip_start_date",
      "start_day",
      "begin_date",
      "departure_date",
      "from_date",
      "date_start",
    ],
    ...[
      "startdatum",
      "abfahrtsdatum",
      "ngay_di",
      "ngay_bat_dau",
      "ngay_khoi_hanh",
      "date_de_depart",
      "date_depart",
    ],
    ...[
      "fecha_inicio",
      "fecha_de_inicio",
      "fecha_salida",
      "data_inizio",
      "data_partenza",
      "data_inicio",
      "开始日期",
    ],
  ],
  end: [
    ...[
      "end_date",
      "trip_end_date",
      "end_day",
      "stop_date",
      "finish_date",
      "arrival_date",
      "to_date",
      "date_end",
    ],
    ...[
      "enddatum",
      "ankunftsdatum",
      "ngay_den",
      "ngay_ket_thuc",
      "ngay_ve",
      "date_d_arrivee",
      "date_arrivee",
    ],
    ...["fecha_fin", "fecha_de_fin", "fecha_llegada", "data_fine", "data_arrivo", "data_fim", "结束日期"],
  ],
} as const;
