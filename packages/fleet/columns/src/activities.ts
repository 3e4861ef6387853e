import { plainHeader } from "./plain.ts";
import type { VehicleKind } from "./roles.ts";

const either = (text: string): string => `(?:${text.trim().split(/\s+/).join("|")})`;

/** Ways to get about that nobody drives this car by, wherever they stand in a cell ("Morning walk", "IN_BUS"). */
const otherWay = new RegExp(
  `(^|_)${either(`
  walk walks walking on_foot foot hike hiking run running jogging zu_fuss fuss gehen a_pied marche caminar caminando
  caminata a_pie andando a_piedi lopen wandelen till_fots di_bo chay_bo bicycle bike biking cycling on_bicycle
  fahrrad rad velo bici bicicleta bicicletta fiets cykel sykkel rower xe_dap bus in_bus autobus autocar xe_buyt xe_khach
  train in_train rail subway in_subway metro tram zug bahn u_bahn s_bahn strassenbahn treno tren trein tag_resa pociag
  tau_hoa tau_dien tau_lua flight flying plane airplane flug flugzeug avion aereo may_bay ferry faehre fahre bac pha
  boat boating sailing ship thuyen tau_thuy swimming skiing ski skating snowboarding rowing kayaking horseback_riding
  rollerblading 步行 走路 跑步 骑行 骑车 自行车 公交 公交车 公共汽车 地铁 火车 高铁 飞机 轮船`)}(_|$)`,
  "u",
);
/** The whole of a cell: the car stood, was charged or carried, or nobody knows. */
const standing = new RegExp(
  `^${either(`
  still stationary standing parked parking park stop stopped idle idling tilting unknown_activity_type charge charging
  charge_session charging_session recharge laden ladung ladevorgang carga ricarica sac sac_dien sac_pin dung_xe do_xe
  being_towed towed abgeschleppt on_trailer keo_xe 充电 停车 静止`)}$`,
  "u",
);
/** Sports whose words mean something else elsewhere: a taxi's ride is a drive. */
const sport = /(^|_)(ride|workout|training)(_|$)/;

/** Headers of what was done or by what way. */
const ofActivity = new RegExp(
  `(^|_)${either(`
  activity activities activity_type mode transport transportation transport_mode travel_mode movement motion sport type
  kind aktivitat aktivitaet fortbewegungsart fortbewegung verkehrsmittel transportmittel activite actividad attivita
  mezzo medio moyen modalidad phuong_tien phuong_thuc hinh_thuc hoat_dong loai_hinh 活动 方式 交通方式 出行方式 类型`)}(_|$)`,
  "u",
);

/** Two-wheelers with a motor. */
const motorbike =
  /(^|_)(motor(cycl\w*|bikes?|rad|rader|ino|scooters?)?|moto|scooters?|xe_may|摩托车|电动车)(_|$)/u;

/** Whether a cell says that its row is no drive of a car; of a two-wheeler where that is the vehicle. */
export const isNoDrive = (cell: string, header = "", kind: VehicleKind = "any"): boolean => {
  const plain = plainHeader(cell);
  if (motorbike.test(plain)) return kind === "car" && !/^motor$/.test(plain);
  return otherWay.test(plain) || standing.test(plain) || (/activit|sport/.test(header) && sport.test(plain));
};

/** Of a column whose header says nothing, only a cell of this length is taken for a way. */
const fewWords = 3;

/**
 * The columns that tell how somebody got about: by their header, or by a way that one of the first rows names in a column
 * that means nothing else.
 */
export const activityColumnsOf = (
  header: readonly string[],
  sample: readonly (readonly string[])[],
  taken: ReadonlySet<number>,
): number[] =>
  header.flatMap((name, column) => {
    if (taken.has(column)) return [];
    const plain = plainHeader(name);
    if (ofActivity.test(plain)) return [column];
    const ways = sample.some(({ [column]: cell }) => {
      const short =
        cell !== undefined && cell.trim() !== "" && plainHeader(cell).split("_").length <= fewWords;
      return short && isNoDrive(cell);
    });
    return ways &&
      !/(^|_)(name|title|note|notes|comment|tag|place|location|address|from|to|start|end)(_|$)/.test(plain)
      ? [column]
      : [];
  });
