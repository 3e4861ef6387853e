import type { ColumnRole } from "./candidate.ts";

/** Names that are written one after the other. */
export const words = (text: string): string[] => text.trim().split(/\s+/);

/** Headers of trip tables in languages beside English, German and Vietnamese, in the plain spelling. */
export const inOtherLanguages = {
  start: words(`
    heure_de_depart date_de_depart debut depart_le inicio fecha_inicio hora_inicio hora_de_inicio
    hora_salida salida inizio ora_inizio ora_partenza partenza starttijd start_tijd vertrektijd begintijd
    vertrek starttid start_tid starttidspunkt avgang data_inicio poczatek godzina_rozpoczecia 开始时间 出发时间 起始时间
    行程开始时间`),
  end: words(`
    heure_d_arrivee date_d_arrivee fin arrivee_le fecha_fin hora_fin hora_de_fin hora_llegada llegada fine
    ora_fine ora_arrivo arrivo eindtijd eind_tijd aankomsttijd aankomst sluttid slutt_tid stopptid
    sluttidspunkt ankomst hora_de_fim data_fim fim koniec godzina_zakonczenia 结束时间 到达时间 终止时间 行程结束时间`),
  date: words(`
    date_du_trajet jour dia giorno dato data_podrozy 日期 行程日期`),
  duration_min: words(`
    duree duree_min duracion duracion_min durata duur varighet varighed czas_trwania 时长 行程时长 用时`),
  distance: words(`
    distance_parcourue distance_parcourue_km kilometrage distancia distancia_km recorrido_km distanza
    distanza_km afstand afstand_km distanse distanse_km distans distans_km afstand_i_km dystans dystans_km
    里程 行驶里程 里程_公里 里程_km 行驶里程_km 行驶里程_公里 行驶距离 行驶距离_km 距离_公里 距离_km`),
  start_odometer: words(`
    kilometrage_de_depart odometro_inicial km_iniciales km_iniziali km_stand_begin beginstand`),
  end_odometer: words(`
    kilometrage_d_arrivee odometro_final km_finales km_finali km_stand_eind eindstand`),
  energy: words(`
    energie_consommee energie_consommee_kwh consommation consommation_kwh energia energia_kwh consumo
    consumo_kwh energia_consumida_kwh consumo_energetico_kwh verbruik verbruik_kwh forbruk forbruk_kwh
    forbrug forbrug_kwh energi_kwh forbrukning_kwh zuzycie_energii_kwh 能耗 耗电量 能耗_度 耗电量_度 能耗_kwh 耗电量_kwh
    用电量_kwh`),
  consumption: words(`
    consommation_kwh_100km consumo_kwh_100km consumo_medio_kwh_100km verbruik_kwh_100km forbruk_kwh_100km
    百公里电耗 平均电耗_kwh_100km 百公里电耗_kwh_100km`),
  start_location: words(`
    lieu_de_depart depart origen da vertrekplaats 出发地 起点`),
  end_location: words(`
    lieu_d_arrivee arrivee destino a bestemming 目的地 终点`),
  notes: words(`
    remarque commentaire notas note_di_viaggio opmerking notat 备注`),
} satisfies Partial<Record<ColumnRole, readonly string[]>>;
