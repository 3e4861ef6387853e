import { defineJob, type Handler, handle } from "@evx/jobs";
import * as v from "valibot";
import { dropSale } from "./drop-sale.ts";
import { noteSale } from "./note-sale.ts";

/** Say here what it does. */
export const dropSaleJob = defineJob("planted.drop_sale", v.object({ id: v.string() }));

/** Say here what it does. */
export const noteSaleJob = defineJob("planted.note_sale", v.object({ id: v.string() }));

/** Everything this room does by itself. */
export const plantedJobs: readonly Handler[] = [handle(dropSaleJob, dropSale), handle(noteSaleJob, noteSale)];
