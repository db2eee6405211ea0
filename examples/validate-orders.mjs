// validate-orders.mjs IN OUT REJECTS
//
// Checks every order with zod, adds a column, and writes the good ones. What is not an order goes,
// with the reason and its place, to REJECTS. OUT is complete, or it is as it was.
import { pipeline } from '@x/convert';
import * as z from 'zod';

const Order = z.object({
  order_id: z.string().regex(/^\d{10}$/, 'ten digits'),
  country: z.string().length(2),
  quantity: z.coerce.number().int().positive(),
  unit_price: z.coerce.number().nonnegative(),
  paid: z.enum(['true', 'false']).transform((text) => text === 'true'),
});

const [, , source, destination, rejects] = process.argv;
const result = await pipeline(
  source,
  destination,
  (order, state) => {
    // `order` is what the schema gives: quantity is a number here, and columns it does not name are gone.
    if (!order.paid) return null;
    const total = Math.round(order.quantity * order.unit_price * 100) / 100;
    state.byCountry[order.country] = (state.byCountry[order.country] ?? 0) + total;
    return { ...order, total };
  },
  {
    schema: Order,
    state: { byCountry: {} },
    atomic: true,
    onError: 'skip',
    rejects,
  },
);

const { rowsRead, rowsWritten, rowsSkipped, rowsDropped, state } = result;
console.log(`${rowsRead} orders: ${rowsWritten} paid, ${rowsDropped} not paid, ${rowsSkipped} not valid`);
for (const error of result.errors) console.log(`row ${error.row}: ${error.message}`);
for (const [country, total] of Object.entries(state.byCountry)) {
  console.log(`${country} ${total.toFixed(2)}`);
}
