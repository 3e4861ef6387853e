import type { ColumnRole } from "./roles.ts";

/** Names that are written one after the other. */
export const words = (text: string): string[] => text.trim().split(/\s+/);

/** Headers of trip tables in languages beside English, German and Vietnamese, in the plain spelling. */
export const inOtherLanguages = {
  start: words(`
    heure_de_depart date_de_depart debut depart_le inicio fecha_inicio hora_inicio hora_de_inicio
    hora_salida salida inizio ora_inizio ora_partenza partenza starttijd start_tijd vertrektijd begintijd
    vertrek starttid start_tid starttidspunkt avgang data_inicio poczatek godzina_rozpoczecia 开始时间 出发时间 起始时间
    行程开始时间 行程开始 abfahrtszeit abfahrt startdatum_und_uhrzeit beginn fahrt_beginn data_e_hora_de_inicio partida hora_de_partida
    hora_de_saida hora_de_salida avresa starttidpunkt afgang lahtoaika alkuaika дата_начала время_начала
    начало начало_поездки baslangıc baslangıc_zamanı baslangıc_saati cıkıs_zamanı kalkıs_saati waktu_mulai
    waktu_berangkat jam_berangkat mulai วนทเรม เวลาเรม เวลาเรมตน เวลาออกเดนทาง 出発時刻 開始時刻 開始日時 出発日時 출발_시간
    시작_시간 출발_일시 開始時間 出發時間 incepe ora_plecarii zacatek cas_odjezdu indulas indulas_ideje початок`),
  end: words(`
    heure_d_arrivee date_d_arrivee fin arrivee_le fecha_fin hora_fin hora_de_fin hora_llegada llegada fine
    ora_fine ora_arrivo arrivo eindtijd eind_tijd aankomsttijd aankomst sluttid slutt_tid stopptid
    sluttidspunkt ankomst hora_de_fim data_fim fim koniec godzina_zakonczenia 结束时间 到达时间 终止时间 行程结束时间 行程结束 ankunftszeit zielzeit ende
    fahrt_ende enddatum_und_uhrzeit hora_de_termino hora_de_chegada data_e_hora_de_fim termino chegada
    hora_de_llegada ankomst_tid stopptidpunkt sluttidpunkt saapumisaika loppuaika дата_окончания
    время_окончания окончание конец конец_поездки bitis bitis_zamanı bitis_saati varıs_zamanı varıs_saati
    waktu_selesai waktu_tiba jam_tiba selesai วนทสนสด เวลาสนสด เวลาถง 到着時刻 終了時刻 終了日時 到着日時 도착_시간 종료_시간 도착_일시
    結束時間 到達時間 sfarsit ora_sosirii konec cas_prijezdu erkezes erkezes_ideje кінець`),
  date: words(`
    date_du_trajet jour dia giorno dato data_podrozy 日期 行程日期 paivamaara дата tarih tanggal วนท 日付 날짜
    datum_jizdy datum`),
  duration_min: words(`
    duree duree_min duracion duracion_min durata duur varighet varighed czas_trwania 时长 行程时长 用时 duracao
    duracao_min kesto длительность продолжительность sure durasi ระยะเวลา 所要時間 소요_시간 주행_시간 時長 doba_jizdy
    idotartam kortid`),
  distance: words(`
    distance_parcourue distance_parcourue_km kilometrage distancia distancia_km recorrido_km distanza
    distanza_km afstand afstand_km avstand avstand_km distanse distanse_km distans distans_km afstand_i_km dystans dystans_km
    里程 行驶里程 里程_公里 里程_km 行驶里程_km 行驶里程_公里 distanz distanz_in_km 行驶距离 行驶距离_km 距离_公里 距离_km distancia_percorrida_km
    distancia_percorrida stracka stracka_km korstracka korstracka_km kord_stracka_km kørt_afstand_km
    kjørt_distanse_km matka matka_km ajomatka_km расстояние расстояние_км пробег_км проидено_км mesafe
    mesafe_km yol_km jarak jarak_km jarak_tempuh jarak_tempuh_km ระยะทาง ระยะทาง_กม ระยะทาง_km 距離 距離_km 走行距離
    走行距離_km 走行距離_キロ 거리 거리_km 주행_거리 주행_거리_km 주행거리_km 行駛里程 行駛里程_公里 行駛距離_公里 distanta_km distanta vzdalenost
    vzdalenost_km tavolsag tavolsag_km відстань_км`),
  start_odometer: words(`
    kilometrage_de_depart odometro_inicial km_iniciales km_iniziali km_stand_begin beginstand
    matarstallning_start пробег_начало baslangıc_km odometer_awal 出発時走行距離計`),
  end_odometer: words(`
    kilometrage_d_arrivee odometro_final km_finales km_finali km_stand_eind eindstand matarstallning_slut
    пробег_конец bitis_km odometer_akhir`),
  energy: words(`
    energie_consommee energie_consommee_kwh consommation consommation_kwh energia energia_kwh consumo
    consumo_kwh energia_consumida_kwh consumo_energetico_kwh verbruik verbruik_kwh forbruk forbruk_kwh
    forbrug forbrug_kwh energi_kwh forbrukning_kwh zuzycie_energii_kwh 能耗 耗电量 能耗_度 耗电量_度 能耗_kwh 耗电量_kwh
    用电量_kwh energia_consumida consumo_de_energia_kwh forbrukning energiforbrukning_kwh kulutus_kwh
    энергия_к_вт_ч расход_энергии_к_вт_ч энергия enerji enerji_kwh tuketim_kwh enerji_tuketimi_kwh energi
    konsumsi_energi_kwh konsumsi_kwh พลงงาน_kwh พลงงานทใช_kwh 電力量_kwh 消費電力量_kwh 전력_소비량_kwh 소비_전력_kwh 전력량_kwh
    耗電量_度 energie_consumata_kwh spotreba_kwh fogyasztas_kwh`),
  consumption: words(`
    consommation_kwh_100km consumo_kwh_100km consumo_medio_kwh_100km verbruik_kwh_100km forbruk_kwh_100km
    百公里电耗 平均电耗 平均电耗_kwh_100km 百公里电耗_kwh_100km elektrischer_verbrauch_kwh_100_km`),
  start_location: words(`
    lieu_de_depart depart origen da vertrekplaats 出发地 起点 origem startplats откуда nereden asal 出発地 출발지 ตนทาง`),
  end_location: words(`
    lieu_d_arrivee arrivee destino a bestemming 目的地 终点 slutplats куда nereye tujuan 도착지 ปลายทาง`),
  notes: words(`
    remarque commentaire notas note_di_viaggio opmerking notat 备注 observacoes anteckning примечание notlar
    catatan หมายเหต 備考 비고`),
} satisfies Partial<Record<ColumnRole, readonly string[]>>;
