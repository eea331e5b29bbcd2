import type { Cost, CostLine } from "./cost";

/** The estimate for a terminal. */
export function costText(cost: Cost): string {
  const money = (amount: number) => amount.toFixed(2).padStart(10);
  const row = ({ item, count, amount }: CostLine) =>
    `${money(amount)}  ${count > 1 ? `${count} × ` : ""}${item}`;
  return [
    `Estimate in ${cost.currency}, list prices of ${cost.region} on ${cost.date}`,
    `${money(cost.fixedMonthly)}  a month, without traffic`,
    ...cost.fixed.map((line) => `  ${row(line)}`),
    `${money(cost.perMillionRequests)}  per million requests`,
    ...cost.usage.map((line) => `  ${row(line)}`),
    ...cost.notes.map((note) => `${" ".repeat(12)}${note}`),
  ].join("\n");
}

/** The estimate in one line, with the earlier figures where they differ. */
export function costLine(cost: Cost, { bold }: { bold(text: string): string }, earlier?: Cost): string {
  const change = (after: number, before: number | undefined) =>
    before === undefined || before === after
      ? after.toFixed(2)
      : `${before.toFixed(2)} → ${bold(after.toFixed(2))}`;
  return (
    `Estimate: ${change(cost.fixedMonthly, earlier?.fixedMonthly)} ${cost.currency} a month and ` +
    `${change(cost.perMillionRequests, earlier?.perMillionRequests)} per million requests ` +
    `(list prices, ${cost.region}, ${cost.date}).`
  );
}
